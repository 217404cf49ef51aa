package dev.xaabroker.broker;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Function;

/** A neighbour of which a test needs a few methods; any other call fails it. */
final class Fake {

    private Fake() {}

    /** @param methods by name: arguments to answer */
    static <T> T of(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Function<Object[], Object> answer = methods.get(method.getName());
                    if (answer == null) {
                        throw new UnsupportedOperationException(type.getSimpleName() + "." + method.getName());
                    }
                    return answer.apply(arguments);
                }));
    }
}

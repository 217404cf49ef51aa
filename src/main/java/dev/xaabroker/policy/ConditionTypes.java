package dev.xaabroker.policy;

import dev.xaabroker.grant.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.projectnessie.cel.checker.Decls;
import org.projectnessie.cel.common.types.BoolT;
import org.projectnessie.cel.common.types.DurationT;
import org.projectnessie.cel.common.types.Err;
import org.projectnessie.cel.common.types.IntT;
import org.projectnessie.cel.common.types.ListT;
import org.projectnessie.cel.common.types.StringT;
import org.projectnessie.cel.common.types.TimestampT;
import org.projectnessie.cel.common.types.ref.FieldType;
import org.projectnessie.cel.common.types.ref.TypeRegistry;
import org.projectnessie.cel.common.types.ref.Val;
import org.projectnessie.cel.relocated.com.google.api.expr.v1alpha1.Decl;
import org.projectnessie.cel.relocated.com.google.api.expr.v1alpha1.Type;

/**
 * The variables of a condition and their attributes, for users of one IdP; the only types that its CEL knows beside the
 * scalars. No reflection, and no protobuf registry.
 *
 * <p>What a user may lack is an error where it is read, so that {@code user.department != "finance"} does not hold for
 * somebody of whom no department is known; {@code has(user.department)} asks first. A mapped claim is a string and an
 * error when it has several values; {@code user.values.department} is always a list, and an error when there is none.
 */
final class ConditionTypes implements TypeRegistry {

    static final Set<String> VARIABLES = Set.of("user", "client", "server", "session", "request");

    /** What {@code user} has by itself; a claim cannot be mapped to one of these names. */
    static final Set<String> OWN_NAMES = Set.of("groups", "acr", "authAge", "idp", "values");

    // No static of the library's types: the native binary initializes them when it runs, and this class when it is
    // built.
    private final Type texts = Decls.newListType(Decls.String);
    private final Map<String, Map<String, FieldType>> fields = new HashMap<>();

    /** @param claims the names in policy of the claims that the IdP maps */
    ConditionTypes(Collection<String> claims) {
        user(claims);
        field("client", "id", Decls.String, facts -> facts.client().id());
        field("client", "owner", Decls.String, facts -> facts.client().owner());
        field("client", "idp", Decls.String, facts -> facts.client().identityProvider());
        field("server", "name", Decls.String, facts -> facts.server().name());
        field("server", "owner", Decls.String, facts -> facts.server().owner());
        field("server", "resource", Decls.String, facts -> facts.server().resource());
        field("server", "tier", Decls.String, facts -> facts.server()
                .tier()
                .name()
                .toLowerCase(Locale.ROOT));
        field("session", "age", Decls.Duration, facts -> facts.query()
                .sessionBegan()
                .map(began -> Duration.between(began, facts.query().at()))
                .orElse(null));
        field("request", "scopes", texts, facts -> facts.query()
                .scopes()
                .orElse(Scopes.NONE)
                .values());
        field(
                "request",
                "time",
                Decls.Timestamp,
                facts -> facts.query().isTimeless() ? null : facts.query().at());
    }

    private void user(Collection<String> claims) {
        field("user", "groups", texts, facts -> facts.user().groups());
        field("user", "idp", Decls.String, facts -> facts.client().identityProvider());
        field("user", "acr", Decls.String, facts -> facts.user().acr());
        field("user", "authAge", Decls.Duration, facts -> {
            Instant login = facts.user().authTime();
            return login == null ? null : Duration.between(login, facts.query().at());
        });
        field("user", "values", Decls.newObjectType("values"), facts -> facts);
        for (String claim : claims) {
            if (!OWN_NAMES.contains(claim)) {
                field("values", claim, texts, facts -> facts.claim(claim));
                put("user", claim, Decls.String, facts -> facts.claim(claim) != null, facts -> single(facts, claim));
            }
        }
    }

    private static Object single(Facts facts, String claim) {
        List<String> values = facts.claim(claim);
        if (values == null) {
            return facts.missing("user." + claim + " is not known");
        }
        return values.size() == 1
                ? values.getFirst()
                : facts.missing("user." + claim + " has several values: read user.values." + claim);
    }

    private void field(String type, String name, Type of, Function<Facts, @Nullable Object> read) {
        put(type, name, of, facts -> read.apply(facts) != null, facts -> {
            Object value = read.apply(facts);
            return value == null ? facts.missing(type + "." + name + " is not known") : value;
        });
    }

    private void put(String type, String name, Type of, Function<Facts, Boolean> has, Function<Facts, Object> read) {
        fields.computeIfAbsent(type, t -> new HashMap<>())
                .put(name, new FieldType(of, facts -> has.apply((Facts) facts), facts -> read.apply((Facts) facts)));
    }

    /** The variables as CEL declares them. Each is of a type of its own name. */
    static List<Decl> declarations() {
        return VARIABLES.stream()
                .map(name -> Decls.newVar(name, Decls.newObjectType(name)))
                .toList();
    }

    /** The attributes of a variable, or of {@code values}. */
    Set<String> attributes(String type) {
        return fields.getOrDefault(type, Map.of()).keySet();
    }

    @Override
    public @Nullable FieldType findFieldType(String type, String field) {
        return fields.getOrDefault(type, Map.of()).get(field);
    }

    @Override
    public @Nullable Type findType(String name) {
        return fields.containsKey(name) ? Decls.newTypeType(Decls.newObjectType(name)) : null;
    }

    @Override
    public Val nativeToValue(Object value) {
        return switch (value) {
            case Val val -> val;
            case String text -> StringT.stringOf(text);
            case Boolean bool -> bool ? BoolT.True : BoolT.False;
            case Long number -> IntT.intOf(number);
            case Val[] literal -> ListT.newValArrayList(this, literal);
            case Duration duration -> DurationT.durationOf(duration);
            case Instant instant -> TimestampT.timestampOf(instant);
            case Collection<?> values ->
                ListT.newStringArrayList(values.stream().map(String.class::cast).toArray(String[]::new));
            default -> Err.newErr("a value of no declared type");
        };
    }

    @Override
    public @Nullable Val findIdent(String name) {
        return null;
    }

    @Override
    public Val enumValue(String name) {
        return Err.newErr("there are no enums");
    }

    @Override
    public Val newValue(String type, Map<String, Val> values) {
        return Err.newErr("there are no messages");
    }

    @Override
    public TypeRegistry copy() {
        return this;
    }

    @Override
    public void register(Object type) {
        throw new UnsupportedOperationException("the types are fixed");
    }

    @Override
    public void registerType(org.projectnessie.cel.common.types.ref.Type... types) {
        throw new UnsupportedOperationException("the types are fixed");
    }
}

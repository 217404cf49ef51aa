package dev.xaabroker.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisCheckupTest {

    @ParameterizedTest
    @CsvSource({
        "redis://redis:6379, redis://redis:6379",
        "rediss://user:s%40cret@redis.example:6380/2?x=y, rediss://redis.example:6380",
        "redis://:s?cret@redis, the Redis of quarkus.redis.hosts",
        "redis://:s/cret@redis, the Redis of quarkus.redis.hosts",
        "not a url, the Redis of quarkus.redis.hosts"
    })
    void tellsWhereRedisIsAndNoSecret(String url, String place) {
        assertThat(RedisCheckup.place(url)).isEqualTo(place).doesNotContain("cret");
    }
}

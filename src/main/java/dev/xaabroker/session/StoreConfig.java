package dev.xaabroker.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The database as a whole. Where it is and who we are there stands in {@code quarkus.datasource.*}. */
@ConfigMapping(prefix = "xaa.store")
public interface StoreConfig {

    /**
     * Whether the broker brings the tables up to date at its start. When not, it waits until they are (ADR 21), and its role in
     * the database needs no right to change tables.
     */
    @WithDefault("true")
    boolean migrate();
}

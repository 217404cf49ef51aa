package dev.xaabroker.session;

import dev.xaabroker.grant.Kill;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that is shut. */
@Entity
@Table(name = "kill_switch")
class KillRow {

    /** Fingerprint of tenant, kind and name: a name may be too long for an index. */
    @Id
    String id;

    String tenant;

    @Enumerated(EnumType.STRING)
    Kill.Kind kind;

    String name;

    String reason;

    @Column(name = "shut_by")
    String by;

    @Column(name = "shut_at")
    Instant at;

    @Column(name = "opens_at")
    @Nullable
    Instant until;
}

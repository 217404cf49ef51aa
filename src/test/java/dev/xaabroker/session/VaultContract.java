package dev.xaabroker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.keys.KeyRing;
import dev.xaabroker.keys.KeyRingFile;
import dev.xaabroker.keys.KeyWatch;
import dev.xaabroker.keys.SealBroken;
import dev.xaabroker.keys.Sealer;
import dev.xaabroker.session.SealedStore.Batch;
import dev.xaabroker.session.SealedStore.Broken;
import dev.xaabroker.session.SealedStore.Census;
import dev.xaabroker.session.SealedWorld.Stored;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sealed records and the rotation of their keys, whichever database stands behind. */
abstract class VaultContract {

    /** Sessions of the long run: {@code -Dxaa.runs=100000} for the full size. */
    private static final int SESSIONS = Integer.getInteger("xaa.runs", 5_000);

    private static final int BATCH = 500;

    @Inject
    SealedStore store;

    @Inject
    SessionStore sessions;

    @Inject
    SealedSession seals;

    @Inject
    SessionRows rows;

    @Inject
    Sql sql;

    @Inject
    Sealer sealer;

    @Inject
    KeyRing ring;

    @Inject
    KeyWatch watch;

    @Inject
    DataSource database;

    @ConfigProperty(name = "xaa.keys.file")
    Path keyFile;

    private SealedWorld world;

    @BeforeEach
    void empty() throws SQLException {
        world = new SealedWorld(database, sealer);
        world.empty();
        for (String id : Set.copyOf(ring.keyIds())) {
            if (!id.equals(ring.current())) {
                removeKey(id);
            }
        }
    }

    private SessionRow row(String id) {
        return sql.call(() -> rows.findById(id));
    }

    /** Every way in which a broker opens a value of a session. */
    private List<ThrowingCallable> openings(String id) {
        return List.of(() -> seals.token(row(id)), () -> seals.session(row(id)), () -> seals.proof(row(id)));
    }

    private static void assertClosed(ThrowingCallable opening, Stored... people) {
        assertThatThrownBy(opening).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.failure()).isInstanceOf(Failure.Unavailable.class);
            for (Stored person : people) {
                assertThat(refusal.failure().detail())
                        .doesNotContain(person.idp().valid)
                        .doesNotContain(person.idp().email);
            }
        });
    }

    @Test
    @Rules("K6")
    void twoUsersWithSwappedValuesOpenNeitherAndSendNothing() throws SQLException {
        for (String bobsTenant : List.of("acme", "umbrella")) {
            world.empty();
            Stored alice = world.store("acme", false);
            Stored bob = world.store(bobsTenant, false);
            Session before = seals.session(row(alice.id()));
            for (int column = 0; column < SealedTable.SESSION.columns.size(); column++) {
                String name = SealedTable.SESSION.columns.get(column);
                world.swap(name, alice.id(), name, bob.id());
                assertClosed(openings(alice.id()).get(column), alice, bob);
                assertClosed(openings(bob.id()).get(column), alice, bob);
                if (column == 0) {
                    assertClosed(() -> sessions.proveAfresh(before, Instant.now(), alice.idp()), alice, bob);
                    assertThat(alice.idp().received).isEmpty();
                }
                world.swap(name, alice.id(), name, bob.id());
            }
            for (String id : List.of(alice.id(), bob.id())) {
                openings(id).forEach(VaultContract::assertOpens);
            }
            assertThat(sessions.proveAfresh(before, Instant.now(), alice.idp()).proof())
                    .as("the session survived it")
                    .isPresent();
        }
    }

    private static void assertOpens(ThrowingCallable opening) {
        try {
            opening.call();
        } catch (Throwable failure) {
            throw new AssertionError("does not open", failure);
        }
    }

    @Test
    @Rules("K6")
    void valuesOfOneRowInEachOthersColumnsDoNotOpen() throws SQLException {
        Stored alice = world.store("acme", false);
        List<String> columns = SealedTable.SESSION.columns;
        for (int one = 0; one < columns.size(); one++) {
            for (int other = one + 1; other < columns.size(); other++) {
                world.swap(columns.get(one), alice.id(), columns.get(other), alice.id());
                assertClosed(openings(alice.id()).get(one), alice);
                assertClosed(openings(alice.id()).get(other), alice);
                world.swap(columns.get(one), alice.id(), columns.get(other), alice.id());
            }
        }
    }

    @Test
    @Rules("K6")
    void aRowThatIsGivenToAnotherTenantOrTakesAnotherIdDoesNotOpen() throws SQLException {
        Stored alice = world.store("acme", false);
        world.change("update sso_session set tenant = 'umbrella' where id = ?", alice.id());
        openings(alice.id()).forEach(opening -> assertClosed(opening, alice));

        world.change("update sso_session set tenant = 'acme', id = 'another' where id = ?", alice.id());
        openings("another").forEach(opening -> assertClosed(opening, alice));
    }

    @Test
    @Rules("K6")
    void outstandingTokensOpenAtTheirOwnPlaceOnly() throws SQLException {
        String one = world.outstanding("acme", "session", "token-one");
        String other = world.outstanding("acme", "session", "token-two");
        world.swapOutstanding(one, other);

        for (String id : List.of(one, other)) {
            assertThatThrownBy(() -> sealer.open(SqlOutstandingTokens.place("acme", id), world.token(id)))
                    .isInstanceOf(SealBroken.class)
                    .hasMessageNotContaining("token-");
        }
        world.swapOutstanding(one, other);
        assertThat(sealer.open(SqlOutstandingTokens.place("acme", one), world.token(one)))
                .isEqualTo("token-one".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @Rules("K6")
    void aRotationKnowsEverySealedColumn() throws SQLException {
        Set<String> known = new HashSet<>();
        for (SealedTable table : SealedTable.values()) {
            table.columns.forEach(column -> known.add(table.table + "." + column));
        }
        Set<String> binary = new HashSet<>();
        try (Connection connection = database.getConnection();
                ResultSet columns = connection.getMetaData().getColumns(null, "public", "%", "%")) {
            while (columns.next()) {
                String type = columns.getString("TYPE_NAME").toLowerCase(Locale.ROOT);
                if (type.contains("bytea") || type.contains("binary") || type.contains("blob")) {
                    binary.add(columns.getString("TABLE_NAME") + "." + columns.getString("COLUMN_NAME"));
                }
            }
        }
        assertThat(binary).isEqualTo(known);
    }

    /** Adds a key and makes it current, as an operator does. */
    private String newKey() {
        KeyRingFile file = new KeyRingFile(keyFile);
        String id = file.add(Optional.empty());
        file.makeCurrent(id);
        watch.look();
        assertThat(ring.current()).isEqualTo(id);
        return id;
    }

    private void removeKey(String id) {
        new KeyRingFile(keyFile).remove(id);
        watch.look();
    }

    private Census census() {
        return store.census(ring.current(), List.copyOf(ring.keyIds()));
    }

    /** One pass from the beginning, as {@code xaa vault rotate} makes it. */
    private List<Batch> pass() {
        List<Batch> batches = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Batch batch = store.rewrap(after, BATCH);
            batches.add(batch);
            after = batch.next();
        } while (after.isPresent());
        return batches;
    }

    @Test
    @Rules("K6")
    void rewrapsEveryValueAndThenTheOldKeyMayGo() throws SQLException {
        String old = ring.current();
        Stored alice = world.store("acme", false);
        Stored bob = world.store("acme", true);
        String token = world.outstanding("acme", alice.id(), "token");
        String current = newKey();
        assertThat(census()).isEqualTo(new Census(3, Map.of(old, 3L, current, 0L), 0, 3));

        removeKey(old);
        assertThat(ring.keyIds()).as("records need it").contains(old);
        assertThat(pass().stream().mapToInt(Batch::rewrapped).sum()).isEqualTo(3);
        assertThat(pass().stream().mapToInt(Batch::rewrapped).sum()).isZero();
        assertThat(census()).isEqualTo(new Census(3, Map.of(old, 0L, current, 3L), 0, 0));
        watch.look();
        assertThat(ring.keyIds()).containsExactly(current);

        for (Stored one : List.of(alice, bob)) {
            assertThat(seals.token(row(one.id())).reveal()).isEqualTo(one.idp().valid);
            openings(one.id()).forEach(VaultContract::assertOpens);
        }
        assertThat(sealer.open(SqlOutstandingTokens.place("acme", token), world.token(token)))
                .isEqualTo("token".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @Rules("K6")
    void goesOnAfterAValueThatDoesNotOpenAndNamesItsSession() throws SQLException {
        Stored alice = world.store("acme", false);
        Stored bob = world.store("acme", false);
        world.swap("sealed_identity", alice.id(), "sealed_identity", bob.id());
        Stored carol = world.store("acme", false);
        String current = newKey();

        List<Broken> broken =
                pass().stream().flatMap(batch -> batch.broken().stream()).toList();

        assertThat(broken)
                .containsExactlyInAnyOrder(
                        new Broken("session", alice.id(), alice.id(), "identity"),
                        new Broken("session", bob.id(), bob.id(), "identity"));
        assertThat(census().stale()).isEqualTo(2);
        assertThat(row(carol.id()).sealedIdentity).startsWith(Sealer.header(current));
        assertThat(row(alice.id()).sealedRefreshToken).startsWith(Sealer.header(current));
        assertThat(seals.token(row(alice.id())).reveal()).isEqualTo(alice.idp().valid);
    }

    @Test
    @Rules("K6")
    void waitsForNobodyAndFindsWhatItPassedOverInTheNextPass() throws SQLException {
        Stored held = world.store("acme", false);
        Stored free = world.store("acme", false);
        newKey();
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .executeQuery("select id from sso_session where id = '" + held.id() + "' for update");

            Batch batch = store.rewrap(Optional.empty(), BATCH);

            assertThat(batch.rewrapped()).isEqualTo(1);
            assertThat(batch.passedOver()).isEqualTo(1);
            assertThat(row(free.id()).sealedProof).startsWith(Sealer.header(ring.current()));
            other.rollback();
        }
        assertThat(pass().getFirst().rewrapped()).isEqualTo(1);
        assertThat(census().stale()).isZero();
    }

    @Test
    @Rules({"B7", "K6"})
    void neverPutsAnOldValueInThePlaceOfOneThatARequestStoredMeanwhile() throws SQLException {
        Stored alice = world.store("acme", false);
        SealedRows statements = new SealedRows(SealedTable.SESSION);
        byte[] header = Sealer.header(newKey());
        SealedTable.Row read;
        try (Connection connection = database.getConnection()) {
            read = statements.stale(connection, "", "~", header).getFirst();
        }
        sessions.proveAfresh(seals.session(row(alice.id())), Instant.now(), alice.idp());

        try (Connection connection = database.getConnection()) {
            assertThat(statements.replace(connection, List.of(new SealedRows.Change(read, read.values()))))
                    .isZero();
        }
        assertThat(seals.token(row(alice.id())).reveal()).isEqualTo(alice.idp().valid);
    }

    /** Interrupted, begun again by two at once, with requests that rotate tokens all the time. */
    @Test
    @Rules({"B7", "K6"})
    void rotatesTheKeysOfManySessionsWhileRequestsRun() throws Exception {
        List<Stored> all = world.store(SESSIONS);
        String old = ring.current();
        long began = System.nanoTime();
        String current;
        List<Batch> first = new ArrayList<>();
        try (SealedTraffic traffic = new SealedTraffic(all, sessions, id -> seals.session(row(id)))) {
            current = newKey();
            Optional<String> after = Optional.empty();
            for (int i = 0; i < SESSIONS / BATCH * 2 / 5; i++) {
                first.add(store.rewrap(after, BATCH));
                after = first.getLast().next();
            }
            assertThat(census().stale()).as("interrupted half-way").isPositive();

            Thread another = Thread.ofPlatform().start(this::pass);
            pass();
            another.join();
            while (census().stale() > 0) {
                assertThat(pass())
                        .allSatisfy(batch -> assertThat(batch.broken()).isEmpty());
            }
            traffic.atLeast(SESSIONS / 50);
            long took = System.nanoTime() - began;
            removeKey(old);
            assertThat(ring.keyIds()).doesNotContain(old);
            traffic.atLeast(SESSIONS / 50);
            System.out.printf(
                    "rotation of %,d sessions: %.1f s, %,d requests beside it, the slowest %d ms; counting takes %d ms%n",
                    SESSIONS, took / 1e9, traffic.done(), traffic.slowestMillis(), censusMillis());
            assertThat(traffic.failures()).isEmpty();
        }
        assertThat(first.stream().mapToInt(Batch::rewrapped).sum()).isPositive();
        assertThat(census().byKey()).containsEntry(current, (long) SESSIONS);
        assertThat(census().elsewhere() + census().stale()).isZero();
        everythingOpens(all);
        for (Stored one : all.subList(0, 200)) {
            openings(one.id()).forEach(VaultContract::assertOpens);
        }
    }

    private void everythingOpens(List<Stored> all) throws SQLException {
        Map<String, String> tokens = new HashMap<>();
        all.forEach(one -> tokens.put(one.id(), one.idp().valid));
        SealedRows statements = new SealedRows(SealedTable.SESSION);
        Optional<String> last = Optional.of("");
        while (!last.orElseThrow().equals("~")) {
            String after = last.get();
            try (Connection connection = database.getConnection()) {
                String end = statements.end(connection, after, BATCH).orElse("~");
                for (SealedTable.Row row : statements.stale(connection, after, end, Sealer.header("no-key"))) {
                    row.values().forEach((column, value) -> {
                        byte[] plain = sealer.open(SealedTable.SESSION.place(row.tenant(), row.id(), column), value);
                        if (column.equals("sealed_refresh_token")) {
                            assertThat(new String(plain, StandardCharsets.UTF_8))
                                    .isEqualTo(tokens.remove(row.id()));
                        }
                    });
                }
                last = Optional.of(end);
            }
        }
        assertThat(tokens).as("tokens that were not found").isEmpty();
    }

    private long censusMillis() {
        long began = System.nanoTime();
        census();
        return (System.nanoTime() - began) / 1_000_000;
    }
}

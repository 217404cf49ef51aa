-- One dialect for PostgreSQL and for H2 in its PostgreSQL mode.

-- Which key ring this database was written with.
create table key_check (
    id          smallint     primary key,
    check_value varchar(200) not null
);

create table sso_session (
    id                   varchar(43)   primary key,
    tenant               varchar(255)  not null,
    client_id            varchar(2000) not null,
    idp                  varchar(255)  not null,
    status               varchar(10)   not null,
    adoption             varchar(43)   not null unique,
    user_pseudonym       varchar(43),
    idp_session          varchar(43),
    sealed_refresh_token bytea,
    sealed_identity      bytea,
    created_at           timestamp(6) with time zone not null,
    proven_at            timestamp(6) with time zone,
    expires_at           timestamp(6) with time zone not null,
    lease_until          timestamp(6) with time zone,
    epoch                bigint        not null,
    ended_at             timestamp(6) with time zone,
    end_cause            varchar(100),
    version              bigint        not null
);
create index sso_session_by_user on sso_session (tenant, user_pseudonym);
create index sso_session_by_login on sso_session (tenant, idp_session);

-- Keyed hashes of every refresh token presented or held; tombstones once the session is over.
create table presented_token (
    hash       varchar(43) primary key,
    session_id varchar(43) not null references sso_session (id) on delete cascade
);
create index presented_token_by_session on presented_token (session_id);

create table session_handle (
    hash       varchar(64) primary key,
    session_id varchar(43) not null references sso_session (id) on delete cascade,
    created_at timestamp(6) with time zone not null
);
create index session_handle_by_session on session_handle (session_id, created_at);

create table outstanding_token (
    id             varchar(43)   primary key,
    tenant         varchar(255)  not null,
    session_id     varchar(43),
    user_pseudonym varchar(43)   not null,
    client_id      varchar(2000) not null,
    server         varchar(255)  not null,
    fingerprint    varchar(64)   not null,
    sealed_token   bytea         not null,
    issued_at      timestamp(6) with time zone not null,
    expires_at     timestamp(6) with time zone not null
);
create index outstanding_token_by_session on outstanding_token (session_id);
create index outstanding_token_by_expiry on outstanding_token (expires_at);

-- One chain per writer, one link per group commit.
create table ledger_link (
    writer       varchar(22) not null,
    seq          bigint      not null,
    previous     varchar(64) not null,
    hash         varchar(64) not null,
    entries      integer     not null,
    committed_at timestamp(6) with time zone not null,
    primary key (writer, seq)
);

create table ledger_entry (
    writer            varchar(22)   not null,
    seq               bigint        not null,
    place             integer       not null,
    id                varchar(50)   not null,
    at                timestamp(6) with time zone not null,
    request_id        varchar(4000) not null,
    tenant            varchar(4000) not null,
    user_id           varchar(4000),
    client            varchar(4000) not null,
    server            varchar(4000),
    session_id        varchar(4000),
    rule              varchar(4000),
    revision          varchar(4000),
    asked             varchar(4000),
    granted           varchar(4000),
    decision          varchar(4000) not null,
    reason            varchar(4000) not null,
    cache             varchar(4000),
    leg1_ms           bigint,
    leg2_ms           bigint,
    peer_error        varchar(4000),
    id_jag_id_hash    varchar(4000),
    token_fingerprint varchar(4000),
    weaker            boolean       not null,
    detail            varchar(4000),
    primary key (writer, seq, place)
);
create index ledger_entry_by_time on ledger_entry (at);
create index ledger_entry_by_request on ledger_entry (request_id);

create index ledger_link_by_time on ledger_link (committed_at);

-- Signed heads of all chains that moved since this writer's last checkpoint.
create table ledger_checkpoint (
    writer    varchar(22)  not null,
    seq       bigint       not null,
    at        timestamp(6) with time zone not null,
    previous  varchar(64)  not null,
    heads     text         not null,
    hash      varchar(64)  not null,
    key_id    varchar(100) not null,
    signature varchar(100) not null,
    primary key (writer, seq)
);

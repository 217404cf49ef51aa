-- The stream of each identity provider's security events, and whether it can be relied on. The id is a SHA-256 of tenant and
-- identity provider;
-- of the seed and the broker's own key the state of the verification is made that was last asked for.
create table signal_stream (
    id               varchar(64)   primary key,
    tenant           varchar(255)  not null,
    idp              varchar(100)  not null,
    begun_at         timestamp(6) with time zone not null,
    stream_id        varchar(2000),
    audience         varchar(4000),
    poll_url         varchar(4000),
    made_for         varchar(64),
    silence_seconds  integer       not null,
    status           varchar(10)   not null,
    seed             varchar(64),
    asked_at         timestamp(6) with time zone,
    verified_at      timestamp(6) with time zone,
    heard_at         timestamp(6) with time zone,
    degraded_since   timestamp(6) with time zone,
    degraded_because varchar(500),
    told             boolean       not null
);

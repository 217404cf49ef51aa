-- Logins that are over: a session at the IdP, or everything of a user up to a moment. They outlive the sessions they ended, and
-- speak against those that are not there yet. The id is the kind and a keyed hash.
create table tombstone (
    id         varchar(64)  primary key,
    tenant     varchar(255) not null,
    up_to      timestamp(6) with time zone,
    cause      varchar(100) not null,
    raised_at  timestamp(6) with time zone not null,
    expires_at timestamp(6) with time zone not null
);
create index tombstone_by_expiry on tombstone (expires_at);

-- Signals that were handled: one that comes again is acknowledged and does nothing. The id is a SHA-256.
create table signal_seen (
    id         varchar(64)  primary key,
    tenant     varchar(255) not null,
    seen_at    timestamp(6) with time zone not null,
    expires_at timestamp(6) with time zone not null
);
create index signal_seen_by_expiry on signal_seen (expires_at);

alter table sso_session add column auth_time timestamp(6) with time zone;
alter table sso_session add column email_hash varchar(43);
create index sso_session_by_email on sso_session (tenant, email_hash);

-- The queue of what is to be revoked where it came from (RFC 7009): what has no due_at is not to be, yet. Refresh tokens of
-- sessions that were ended come here from the session's row.
alter table outstanding_token add column kind varchar(10) default 'ACCESS' not null;
alter table outstanding_token alter column server drop not null;
alter table outstanding_token add column issuer varchar(255);
alter table outstanding_token add column idp_session varchar(43);
alter table outstanding_token add column email_hash varchar(43);
alter table outstanding_token add column connections varchar(4000);
alter table outstanding_token add column cache_name varchar(64);
alter table outstanding_token add column due_at timestamp(6) with time zone;
alter table outstanding_token add column cause varchar(100);
alter table outstanding_token add column attempts integer default 0 not null;
alter table outstanding_token add column lease_until timestamp(6) with time zone;
create index outstanding_token_by_due on outstanding_token (due_at);
create index outstanding_token_by_user on outstanding_token (tenant, user_pseudonym);
create index outstanding_token_by_fingerprint on outstanding_token (fingerprint);

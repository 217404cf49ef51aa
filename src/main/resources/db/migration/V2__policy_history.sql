-- Every policy that was in force: where the revision in a ledger entry leads to. The content is canonical, its SHA-256 is
-- the revision, and it holds references, never secrets.
create table policy_revision (
    tenant          varchar(255)  not null,
    revision        varchar(64)   not null,
    content         text          not null,
    first_loaded_at timestamp(6) with time zone not null,
    first_loaded_by varchar(1000) not null,
    last_loaded_at  timestamp(6) with time zone not null,
    last_loaded_by  varchar(1000) not null,
    file            varchar(4000) not null,
    primary key (tenant, revision)
);
create index policy_revision_by_time on policy_revision (last_loaded_at);
create index policy_revision_by_revision on policy_revision (revision);

-- What security has shut, whatever the policy file says of it. The id is a SHA-256 of tenant, kind and name.
create table kill_switch (
    id        varchar(64)   primary key,
    tenant    varchar(255)  not null,
    kind      varchar(10)   not null,
    name      varchar(2000) not null,
    reason    varchar(200)  not null,
    shut_by   varchar(500)  not null,
    shut_at   timestamp(6) with time zone not null,
    opens_at  timestamp(6) with time zone
);
create index kill_switch_by_tenant on kill_switch (tenant);

-- The tokens of the last refresh, sealed, for the other replicas: used for some seconds after it and not again.
alter table sso_session add column sealed_proof bytea;

-- Since when a refresh token is under way whose answer has not come: it may be spent. Set before it is sent.
alter table sso_session add column refresh_sent_at timestamp(6) with time zone;
-- Whether such a token has been sent once more.
alter table sso_session add column refresh_resent boolean not null default false;
-- Whether the IdP has ever answered with another refresh token.
alter table sso_session add column rotates boolean not null default false;

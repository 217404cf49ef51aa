-- When a connect last used a session, written at most every twentieth of xaa.sessions.idle: an index over it then costs little.
alter table sso_session add column last_used_at timestamp(6) with time zone default current_timestamp not null;

-- What the sweep looks for: over age by its own bound or by a policy that lowered it, unused, and over for long.
create index sso_session_by_expiry on sso_session (status, expires_at);
create index sso_session_by_age on sso_session (status, created_at);
create index sso_session_by_use on sso_session (status, last_used_at);
create index sso_session_by_end on sso_session (status, ended_at);

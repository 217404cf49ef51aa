-- The tokens of the last refresh, sealed, for the other replicas: used for some seconds after it and not again.
alter table sso_session add column sealed_proof bytea;

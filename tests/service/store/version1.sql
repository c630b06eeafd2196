-- The tables of version 1, as files that were made by it still have them.
create table analyses (
    id text primary key not null,
    state text not null,
    fence integer not null,
    owner text not null default '',
    attempts integer not null default 0,
    lease real not null default 0,
    lease_until real not null default 0,
    created_at real not null,
    touched_at real not null,
    expires_at real not null,
    code text,
    message text,
    progress real not null default 0,
    size integer not null,
    audio text,
    measurements blob
) strict;
create table results (
    id text primary key not null,
    state text not null,
    fence integer not null,
    owner text not null default '',
    attempts integer not null default 0,
    lease real not null default 0,
    lease_until real not null default 0,
    created_at real not null,
    touched_at real not null,
    expires_at real not null,
    code text,
    message text,
    key text not null,
    reference_key text,
    needs integer not null,
    name text not null,
    genre text,
    target text,
    account text not null,
    webhook text,
    calls integer not null default 0,
    call_at real,
    verdict text,
    json blob,
    html blob
) strict;
create index analyses_state on analyses (state, created_at);
create index analyses_expiry on analyses (expires_at);
create index results_state on results (state, created_at);
create index results_expiry on results (expires_at);
create index results_key on results (key);
create index results_reference on results (reference_key) where reference_key is not null;
create index results_calls on results (call_at) where call_at is not null;
create index results_account on results (account, created_at);
pragma user_version = 1;

-- The database of the dispatch server. A constraint beats a promise in code: what must always hold is
-- written here too. Safe to apply twice; `src/log/schema.ts` applies it and checks the version.
-- Times are Unix milliseconds of the market's clock, ids compare byte by byte (collate "C"), and
-- fixed-width columns come first: alignment would cost a tenth of the event log otherwise.
-- No foreign keys to `market`: the fence of an append proves the market, and they would lock its row.

create table if not exists meta (
  only_row boolean primary key default true check (only_row),
  schema_version integer not null
);
insert into meta (schema_version) values (4) on conflict (only_row) do update set schema_version = 4;

-- A market is the unit of ownership. Every append moves `position` of its row, so the row is updated
-- thousands of times a second: the page keeps room for its next versions.
create table if not exists market (
  position bigint not null default 0 check (position >= 0),
  -- Actor rows are complete up to this position.
  checkpoint bigint not null default 0 check (checkpoint between 0 and position),
  alive_at bigint,
  -- Bumped by whoever takes the market; an older one can write nothing.
  epoch integer not null default 0 check (epoch >= 0),
  id smallint primary key check (id > 0),
  key text collate "C" not null unique,
  name text not null
) with (fillfactor = 10);

-- The log: the input fed to one actor, and its recorded result.
create table if not exists event (
  position bigint not null,
  turn bigint not null check (turn between 1 and position),
  at bigint not null,
  caused_by bigint check (caused_by >= turn and caused_by < position),
  -- Unsigned 32 bits.
  command_hash bigint,
  seq integer not null check (seq > 0),
  epoch integer not null check (epoch > 0),
  market smallint not null,
  actor_kind text collate "C" not null check (actor_kind in ('trip', 'driver')),
  actor_id text collate "C" not null,
  type text collate "C" not null,
  from_state text collate "C" check ((from_state is null) = (seq = 1)),
  to_state text collate "C" not null,
  machine text collate "C" not null,
  command_id text collate "C" check ((command_id is null) = (command_hash is null)),
  body jsonb not null check (jsonb_typeof(body) = 'object'),
  changes jsonb not null check (jsonb_typeof(changes) = 'object'),
  effects jsonb not null check (jsonb_typeof(effects) = 'array'),
  primary key (market, position)
);
-- I2: one row per actor and seq.
create unique index if not exists event_actor on event (market, actor_kind, actor_id, seq);
-- I4: a command twice is one row.
create unique index if not exists event_command on event (market, command_id)
  where command_id is not null;

-- Repairs are few, and readers ask of each row whether one came after it.
create index if not exists event_repaired on event (market, actor_kind, actor_id, position) where type = 'repaired';

-- Ended trips whose rows were moved to files: the positions that are missing in `event` for a reason.
create table if not exists archived (
  market smallint not null,
  trip_id text collate "C" not null,
  -- The manifest that has them, a file's name without its ending.
  volume text collate "C" not null,
  positions int8multirange not null check (not isempty(positions)),
  primary key (market, trip_id)
);
create index if not exists archived_positions on archived using gist (positions);

-- The checkpoint: actors as of `market.checkpoint` or a little later, never earlier.
create table if not exists actor (
  seq integer not null check (seq > 0),
  market smallint not null,
  live boolean not null,
  kind text collate "C" not null check (kind in ('trip', 'driver')),
  id text collate "C" not null,
  machine text collate "C" not null,
  value text collate "C" not null,
  context jsonb not null,
  primary key (market, kind, id)
) with (fillfactor = 70);
create index if not exists actor_live on actor (market, kind, id) where live;

-- I1: a driver holds at most one trip, a trip has at most one driver.
create table if not exists claim (
  market smallint not null,
  driver_id text collate "C" not null,
  trip_id text collate "C" not null,
  primary key (market, driver_id),
  unique (market, trip_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Lists: what an operator pages through, one row per trip and per driver and market.
create table if not exists trip (
  requested_at bigint not null,
  accepted_at bigint,
  arrived_at bigint,
  started_at bigint,
  completed_at bigint,
  cancelled_at bigint,
  pickup_lat double precision not null,
  pickup_lng double precision not null,
  dropoff_lat double precision not null,
  dropoff_lng double precision not null,
  -- I7: money is never negative.
  fare_amount bigint check (fare_amount >= 0),
  cancel_fee bigint check (cancel_fee >= 0),
  seq integer not null check (seq > 0),
  market smallint not null,
  id text collate "C" not null,
  passenger_id text collate "C" not null,
  driver_id text collate "C",
  vehicle_type text not null,
  status text collate "C" not null,
  state text collate "C" not null,
  cancelled_by text,
  reason text,
  fare_currency text check ((fare_currency is null) = (fare_amount is null)),
  -- The id first, so that a trip is found without knowing its market.
  primary key (id, market)
) with (fillfactor = 70);
create index if not exists trip_newest on trip (requested_at desc, id desc);
create index if not exists trip_of_status on trip (status, requested_at desc, id desc);
create index if not exists trip_of_passenger on trip (passenger_id, requested_at desc, id desc);
create index if not exists trip_of_driver on trip (driver_id, requested_at desc, id desc);
-- One live trip per passenger: the server refuses earlier and more kindly, this is the assertion.
create unique index if not exists trip_live on trip (market, passenger_id)
  where status in ('requested', 'accepted', 'en_route', 'arrived', 'in_progress');

create table if not exists driver_status (
  since bigint not null,
  seq integer not null check (seq > 0),
  misses integer not null,
  market smallint not null,
  id text collate "C" not null,
  vehicle_type text not null,
  status text collate "C" not null,
  state text collate "C" not null,
  trip_id text collate "C",
  primary key (id, market)
) with (fillfactor = 70);
create index if not exists driver_of_status on driver_status (status, since desc, id desc);

-- What was done to the server itself, and by whom. Only ever added to.
create table if not exists audit (
  id bigint generated always as identity primary key,
  at bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint,
  actor text not null,
  what text not null,
  detail jsonb not null check (jsonb_typeof(detail) = 'object')
);

-- Why: what dispatch saw and decided, beside the log. Nothing rests on it; old rows are dropped.
create table if not exists decision (
  since bigint not null,
  at bigint not null,
  attempt integer not null,
  looks integer not null,
  wave integer not null,
  size integer not null,
  radius_m integer not null,
  searched_m integer not null,
  fix_fresh_ms integer not null,
  market smallint not null,
  trip_id text collate "C" not null,
  vehicle_type text not null,
  -- One array a driver: id, verdict, idle, fix_age_ms, vehicle_type, distance_m, eta_s, tried.
  candidates jsonb not null check (jsonb_typeof(candidates) = 'array'),
  primary key (trip_id, since, attempt)
);
create index if not exists decision_age on decision (at);

-- Where the driver of a trip was, beside the log. Nothing rests on it; old rows are dropped.
create table if not exists track (
  at bigint not null,
  lat double precision not null,
  lng double precision not null,
  heading real,
  trip_id text collate "C" not null,
  leg text collate "C" not null check (leg in ('pickup', 'dropoff')),
  primary key (trip_id, at)
);
create index if not exists track_age on track using brin (at);

-- What passengers thought of completed trips: beside the log, once for each trip.
create table if not exists rating (
  at bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint,
  -- I7: money is never negative. Minor units of the trip's currency.
  tip bigint not null check (tip >= 0),
  stars smallint not null check (stars between 1 and 5),
  trip_id text collate "C" primary key,
  passenger_id text collate "C" not null,
  driver_id text collate "C" not null
);
create index if not exists rating_of_driver on rating (driver_id, at desc);

-- Who is registered. Personal data lives here and nowhere else.
create table if not exists passenger (
  created_at bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint,
  id text collate "C" primary key,
  email text not null,
  phone_number text,
  first_name text,
  last_name text
);
create unique index if not exists passenger_email on passenger (lower(email));

create table if not exists driver (
  created_at bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint,
  id text collate "C" primary key,
  email text not null,
  phone_number text,
  first_name text,
  last_name text,
  vehicle_type text not null,
  license_plate text not null
);
create unique index if not exists driver_email on driver (lower(email));

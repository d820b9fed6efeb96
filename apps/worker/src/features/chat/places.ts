/**
 * Where each message stands: what it follows, and whether it is the chosen one of those that follow the same. Positions
 * count messages in the order of their making. An answer knows the OpenCode session it was written in, and its prompt.
 */
export const placesTable =
  "create table if not exists places (position integer primary key, message_id text unique not null, role text not null, prompt_id text, parent_id text, is_chosen integer not null default 1, session_id text)";

const previous = "(select max(position) from places as earlier where earlier.position < places.position)";

/** A table from before messages had parents is one line of them, written in the session that was known then. */
export const migratePlaces = (sql: SqlStorage): void => {
  const columns = sql.exec("select name from pragma_table_info('places')").toArray();
  if (columns.some(({ name }) => name === "parent_id")) return;
  sql.exec("alter table places add column parent_id text");
  sql.exec("alter table places add column is_chosen integer not null default 1");
  sql.exec("alter table places add column session_id text");
  sql.exec(
    `update places set parent_id = (select message_id from places as before where before.position = ${previous})`,
  );
  sql.exec(
    `update places set prompt_id = (select prompt_id from places as before where before.position = ${previous}) where role = 'assistant'`,
  );
  // What the session was only told of in its first prompt, it does not hold.
  sql.exec(
    `update places set session_id = (select nullif(value, '') from facts where key = 'session_id')
     where role = 'assistant' and position > coalesce(
       (select min(position) from places where prompt_id = (select value from facts where key = 'prefaced_by')), -1)`,
  );
  sql.exec("update places set prompt_id = null where role = 'user'");
};

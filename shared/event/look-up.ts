/** What a table has under a name that came from outside; `constructor`, which every object has, is no name of its own. */
export const lookUp = <T>(table: { [name: string]: T }, name: string | null): T | null =>
  name !== null && Object.hasOwn(table, name) ? (table[name] ?? null) : null;

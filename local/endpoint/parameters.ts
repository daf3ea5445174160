import type { DatabaseSync } from 'node:sqlite';
import type { Transaction, World } from '../world.ts';
import { AwsError, type Members, type Operations } from './operations.ts';

type Row = { name: string; type: string; value: string; version: number; modified: number };

/** A parameter of the standard tier holds 4 KB; more is a mistake here as there. */
const maxBytes = 4_096;
const maxNames = 10;

/**
 * SSM Parameter Store on one machine: GetParameter, GetParameters, PutParameter and DeleteParameter. Values of type
 * SecureString are kept like the others: this store is as private as the data directory it lies in.
 */
export const createParameters = (world: World, transaction: Transaction): Operations => {
  const { db } = world;
  db.exec(`CREATE TABLE IF NOT EXISTS parameters (
    name TEXT PRIMARY KEY, type TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL, modified INTEGER NOT NULL)`);

  const parameterOf = ({ name, type, value, version, modified }: Row) => ({
    Name: name,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate: new Date(modified),
    ARN: `arn:aws:ssm:${world.region}:${world.account}:parameter/${name.replace(/^\//, '')}`,
    DataType: 'text',
  });

  return {
    GetParameter: (input) => {
      const row = find(db, textOf(input, 'Name'));
      if (row === undefined) throw new AwsError('ParameterNotFound', `Parameter ${textOf(input, 'Name')} not found.`);
      return { Parameter: parameterOf(row) };
    },
    GetParameters: (input) => {
      const names = namesOf(input);
      const rows = names.map((name) => find(db, name));
      return {
        Parameters: rows.filter((row) => row !== undefined).map(parameterOf),
        InvalidParameters: names.filter((_name, index) => rows[index] === undefined),
      };
    },
    PutParameter: (input) => transaction(() => put(db, input, world.now())),
    DeleteParameter: (input) => {
      const { changes } = db.prepare('DELETE FROM parameters WHERE name = ?').run(textOf(input, 'Name'));
      if (changes === 0) throw new AwsError('ParameterNotFound', `Parameter ${textOf(input, 'Name')} not found.`);
      return {};
    },
  };
};

const find = (db: DatabaseSync, name: string): Row | undefined =>
  db.prepare('SELECT * FROM parameters WHERE name = ?').get(name) as Row | undefined;

const put = (db: DatabaseSync, input: Members, now: Date): object => {
  const [name, value] = [textOf(input, 'Name'), textOf(input, 'Value')];
  if (!/^\/?[a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+)*$/.test(name) || name.length > 1_011)
    throw new AwsError('ValidationException', `Parameter name "${name}" can have letters, digits and _ . - / only`);
  if (Buffer.byteLength(value) > maxBytes)
    throw new AwsError('ValidationException', `Standard tier parameters support a maximum of ${maxBytes} bytes.`);
  const stands = find(db, name);
  if (stands !== undefined && input.Overwrite !== true)
    throw new AwsError('ParameterAlreadyExists', 'The parameter already exists. To overwrite it, set Overwrite.');
  const version = (stands?.version ?? 0) + 1;
  const type = typeOf(input, stands);
  db.prepare('INSERT OR REPLACE INTO parameters VALUES (?, ?, ?, ?, ?)').run(name, type, value, version, now.getTime());
  return { Version: version, Tier: 'Standard' };
};

const types = ['String', 'StringList', 'SecureString'];

/** A new parameter needs a type; one that stands keeps its own when none is given. */
const typeOf = (input: Members, stands: Row | undefined): string => {
  const type: unknown = input.Type ?? stands?.type;
  if (typeof type === 'string' && types.includes(type)) return type;
  throw new AwsError('ValidationException', `Type must be one of ${types.join(', ')}`);
};

const textOf = (input: Members, member: string): string => {
  const value: unknown = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError('ValidationException', `${member} must be a string that is not empty`);
};

const namesOf = (input: Members): string[] => {
  const names: unknown = input.Names;
  const valid = Array.isArray(names) && names.length > 0 && names.length <= maxNames;
  if (valid && names.every((name) => typeof name === 'string')) return [...new Set(names)];
  throw new AwsError('ValidationException', `Names must be a list of 1 to ${maxNames} names`);
};

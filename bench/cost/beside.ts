import { deliveryEvent } from '../../test/harness/deliveries.ts';
import type { Usage } from './bill.ts';
import { gigabyte, lambda } from './lambda.ts';

/** CPU time (ms) of one call of the SDK, and what a handler does around it. */
const cpuOfOneCallMs = 1;
const logBytes = 420;

/** Units that an item of so many bytes is written for. */
const writeUnits = (bytes: number): number => Math.ceil(bytes / 1_024);

/**
 * The usual way to a hash-chained record: a rule calls a function for each event, which reads the head, and puts the
 * entry and the head in one transaction; one global index, to find entries by what they are about. Nothing is
 * deduplicated, waited for or sealed.
 */
export const chained = (events: number): Usage => {
  const usage = { 'dynamodb.write': 0, 'dynamodb.read': events, ...perCall(events, 2) };
  for (let n = 0; n < events; n += 1) {
    const bytes = Buffer.byteLength(JSON.stringify(deliveryEvent(n))) + 200; // keys, hashes, and times of its own
    usage['dynamodb.write'] += 2 * (writeUnits(bytes) + 1) + writeUnits(bytes);
  }
  return usage;
};

/** A Standard workflow for each event: its start, a task that puts the event, a choice, a task that tells, its end. */
export const workflow = (events: number): Usage => {
  const usage = { 'stepfunctions.transition': 5 * events, 'dynamodb.write': 0, ...perCall(events, 1) };
  for (let n = 0; n < events; n += 1)
    usage['dynamodb.write'] += writeUnits(Buffer.byteLength(JSON.stringify(deliveryEvent(n))));
  return usage;
};

const perCall = (events: number, requests: number) => {
  const one = lambda(cpuOfOneCallMs * requests, requests);
  return {
    'lambda.request': events,
    'lambda.second': (one['lambda.second'] ?? 0) * events,
    'cloudwatch.log': (events * logBytes) / gigabyte,
  };
};

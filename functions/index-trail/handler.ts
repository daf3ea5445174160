import { followSegments } from '../../shared/trail/follow.ts';
import { readers } from '../../shared/trail/readers.ts';
import { createCursors } from '../support/dynamo-cursors.ts';
import { createRows } from '../support/dynamo-rows.ts';
import { createTrail } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { perWakeUp } from '../support/per-call.ts';
import { indexSegments } from './index-trail.ts';

/** One pass to the end of the lane; the stream, or on one machine the append itself, says when there is something. */
export const handlerFor = (environment: Environment): (() => Promise<void>) => {
  const trail = createTrail(environment);
  const cursors = createCursors(environment);
  const handle = indexSegments(createRows(environment));
  return followSegments({ trail, cursors, reader: readers.index, source: sourceOf(environment), handle });
};

let indexer: (() => Promise<void>) | undefined;
export const handler = perWakeUp('index-trail', () => (indexer ??= handlerFor(environmentFrom(process.env)))());

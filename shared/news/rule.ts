import type { Severity } from '../alert/notice.ts';
import type { EventPattern } from '../config/config.ts';
import type { Entry } from '../trail/entry.ts';

/** One sort of news: which entries, how loud, what is told together, and what to say of it. */
export type Rule = {
  /** stands in the names of its groups, and filter policies ask for it: never renamed */
  name: string;
  /** over the entry */
  match: EventPattern;
  /** what no pattern can say; absent where it says all. `own`: the roles that Escalator itself acts in */
  holds?: (entry: Entry, own: readonly string[]) => boolean;
  severity: Severity;
  /** what all rules of that name are told together as; absent: it is told by itself */
  together?: string;
  /** fields of the entry, as `detail.call`: what says the same in all of them is told together */
  by: string[];
  /** what happened; absent: the entry in one sentence, as everywhere */
  title?: (entry: Entry) => string;
  /** what whoever reads it may do about it */
  next: string;
  /** also what no event told at the time, found late by the reconciler */
  late?: true;
};

import { community } from './community.ts';
import type { Rule } from './rule.ts';
import { security } from './security.ts';

/** What is built in, by the word that turns it on in `alerts.news`. */
export const newsSets: { readonly [name: string]: readonly Rule[] } = { security, community };

export const isSet = (name: string): boolean => Object.hasOwn(newsSets, name);

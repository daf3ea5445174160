import { alarm, mapping, name } from './words.ts';

export const check = mapping({ alarm, level: name }, 'a check, such as { alarm: shop-smoke, level: deploy }');

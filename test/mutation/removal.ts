/** A guard rail, how it is taken away, and the test that notices it. */
export type Removal = {
  /** as `escalator ladder show` names it, with what of it where there is more than one; else in words */
  rail: string;
  /** where it stands */
  file: string;
  /** what stands there, once */
  find: string;
  /** what stands there when the rail is gone */
  put: string;
  /** the test that fails then: its title, without those of what it is within */
  test: { file: string; title: string };
};

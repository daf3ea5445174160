/** A person as a git object names them: claimed by whoever wrote the commit, checked by nobody. */
export type UserInfo = { name: string; email: string; date: string };

/** A commit with CodeCommit's member names. */
export type Commit = {
  commitId: string;
  treeId: string;
  parents: string[];
  message: string;
  author: UserInfo;
  committer: UserInfo;
  additionalData: string;
};

/**
 * Reads a commit object as git stores it: headers, an empty line, the message.
 *
 * @param text what `git cat-file commit` prints
 */
export const parseCommit = (commitId: string, text: string): Commit => {
  const end = text.indexOf('\n\n');
  const head = end === -1 ? text : text.slice(0, end);
  const headers = head.split('\n').map((line): [string, string] => splitOnce(line));
  const all = (name: string): string[] => headers.filter(([key]) => key === name).map(([, value]) => value);
  return {
    commitId,
    treeId: all('tree')[0] ?? '',
    parents: all('parent'),
    message: end === -1 ? '' : text.slice(end + 2),
    author: parseUser(all('author')[0] ?? ''),
    committer: parseUser(all('committer')[0] ?? ''),
    additionalData: '',
  };
};

const splitOnce = (line: string): [string, string] => {
  const space = line.indexOf(' ');
  return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
};

/** `Ada Lovelace <ada@example.com> 1484167798 -0800`; the date is given as git has it, as CodeCommit does. */
const parseUser = (text: string): UserInfo => {
  const open = text.lastIndexOf('<');
  const shut = text.lastIndexOf('>');
  if (open === -1 || shut < open) return { name: text.trim(), email: '', date: '' };
  return { name: text.slice(0, open).trim(), email: text.slice(open + 1, shut), date: text.slice(shut + 1).trim() };
};

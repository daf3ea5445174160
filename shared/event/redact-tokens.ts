import { broken, percentTail, type Shape, unbroken } from './redact-joints.ts';

/** Keys that say by their first characters what they are. `chars` is the inside of a character class. */
type Token = { rule: string; prefix: string; chars: string; min: number; max: number };

const letters = 'A-Za-z0-9';
const word = 'A-Za-z0-9_';
const url = 'A-Za-z0-9_-';
const dotted = 'A-Za-z0-9_.-';
const base64 = 'A-Za-z0-9+/=';
const hex = 'a-f0-9';

const token = (rule: string, prefix: string, chars: string, min: number, max = 500): Token => ({
  rule,
  prefix,
  chars,
  min,
  max,
});

/** In the order in which they are tried: the longer of two beginnings first. */
const tokens: Token[] = [
  token('aws-access-key-id', 'A(?:KIA|SIA|BIA|CCA)', 'A-Z0-9', 16, 16),
  token('aws-session-token', 'IQoJb3JpZ2lu', base64, 80, 3000),
  token('aws-session-token', 'F[wQ]oGZXIvYXdz', base64, 80, 3000),
  token('aws-session-token', 'AQoDYXdz', base64, 80, 3000),
  token('aws-bedrock-key', 'ABSKQmVkcm9ja0FQSUtleS', base64, 60),
  token('aws-mws-token', 'amzn[.]mws[.]', 'a-f0-9-', 36, 36),
  token('github-token', 'gh[pousr]_', letters, 20, 36),
  token('github-token', 'github_pat_', word, 20, 82),
  token('gitlab-token', 'gl(?:pat|ptt|dt|rt|rtr|cbt|ft|imt|agent|soat|ffct)-', dotted, 16, 300),
  token('gitlab-token', 'GR1348941', url, 20, 20),
  token('slack-token', 'xox[abeoprsc]-', url, 10, 255),
  token('slack-token', 'xoxe[.]xox[bp]-', url, 10, 255),
  token('slack-token', 'xapp-', url, 30, 255),
  token('stripe-key', '[rs]k_live_', letters, 16, 255),
  token('stripe-key', '[rs]k_test_', letters, 16, 255),
  token('stripe-webhook-secret', 'whsec_', base64, 24, 100),
  token('twilio-key', 'SK', hex, 32, 32),
  token('sendgrid-key', 'SG[.]', dotted, 60, 70),
  token('npm-token', 'npm_', letters, 30, 36),
  token('pypi-token', 'pypi-Ag', url, 50, 300),
  token('docker-token', 'dckr_[po]at_', url, 20, 60),
  token('google-api-key', 'AIza', url, 35, 35),
  token('google-oauth-token', 'ya29[.]', dotted, 30, 600),
  token('google-client-secret', 'GOCSPX-', url, 20, 28),
  token('google-refresh-token', '1//0', url, 40, 120),
  token('shopify-token', 'shp(?:at|ca|pa|ss)_', 'a-fA-F0-9', 32, 32),
  token('square-token', 'sq0(?:atp|csp|idp)-', url, 22, 60),
  token('digitalocean-token', 'do[opr]_v1_', hex, 64, 64),
  token('heroku-key', 'HRKU-', url, 30, 80),
  token('vault-token', 'hv[sbr][.]', url, 24, 300),
  token('databricks-token', 'dapi', hex, 32, 32),
  token('anthropic-key', 'sk-ant-', url, 32, 200),
  token('openai-key', 'sk-(?:proj|svcacct|admin|or-v1)-', url, 32, 220),
  token('openai-key', 'sk-', letters, 40, 60),
  token('hugging-face-token', 'hf_', letters, 30, 40),
  token('newrelic-key', 'NRAK-', letters, 27, 27),
  token('newrelic-key', 'NR(?:II|JS)-', url, 19, 40),
  token('grafana-token', 'gl(?:sa|c)_', `${word}+/=`, 32, 300),
  token('sentry-token', 'sntry[su]_', `${word}+/=`, 40, 300),
  token('linear-key', 'lin_api_', letters, 32, 48),
  token('notion-token', 'ntn_', letters, 40, 60),
  token('figma-token', 'figd_', url, 30, 60),
  token('postman-key', 'PMAK-', 'a-f0-9-', 50, 70),
  token('atlassian-token', 'AT(?:ATT3|CTT3|BB)', `=${url}`, 24, 300),
  token('rubygems-key', 'rubygems_', hex, 40, 48),
  token('nuget-key', 'oy2', 'a-z0-9', 43, 43),
  token('doppler-token', 'dp[.](?:pt|st|ct|sa|scim|audit)[.]', dotted, 36, 80),
  token('planetscale-token', 'pscale_(?:tkn|pw|oauth)_', dotted, 30, 70),
  token('supabase-token', 'sb(?:p|_secret)_', url, 30, 60),
  token('pulumi-token', 'pul-', hex, 40, 40),
  token('tailscale-key', 'tskey-', url, 20, 100),
  token('onepassword-token', 'ops_eyJ', base64, 200, 2000),
  token('artifactory-key', 'AKCp', letters, 60, 80),
  token('circleci-token', 'CCI(?:PAT|PRJ)_', word, 40, 100),
  token('buildkite-token', 'bk(?:ua|at)_', letters, 36, 60),
  token('crates-io-token', 'cio', letters, 32, 32),
  token('sonar-token', 'sq[uap]_', hex, 40, 40),
  token('facebook-token', 'EAA', letters, 90, 400),
  token('dropbox-token', 'sl[.]', url, 100, 1500),
  token('cloudflare-token', 'v1[.]0-', 'a-f0-9-', 140, 200),
  token('flyio-token', 'fo1_', url, 40, 60),
  token('age-key', 'AGE-SECRET-KEY-1', 'A-Z0-9', 50, 58),
];

/** A prefix with alternatives is as many prefixes; a line break may stand between any two of its characters. */
const prefixes = (prefix: string): string[] => {
  const group = /\(\?:([^)]*)\)/.exec(prefix);
  if (group === null) return [prefix];
  const [before, after] = [prefix.slice(0, group.index), prefix.slice(group.index + group[0].length)];
  return (group[1] ?? '').split('|').map((one) => before + one + after);
};

/** Of a key of one length more of the same is another thing; a key of many lengths takes what there is. */
const sourceOf = ({ prefix, chars, min, max }: Token, shape: Shape): string =>
  prefixes(prefix)
    .map(
      (one) =>
        shape.literal(one) +
        shape.run(chars, min, max) +
        (min === max ? '(?![A-Za-z0-9])' : `[${chars}]{0,500}${percentTail}`),
    )
    .join('|');

/** A border, also one that is written out: `\n` before a key does not make its `n` the beginning of it. */
const border = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]|\\u[0-9a-fA-F]{4}))`;

/** All of them in one pattern: a text is read once. */
const patternOf = (shape: Shape): RegExp =>
  new RegExp(`${border}(?:${tokens.map((one) => sourceOf(one, shape)).join('|')})`, 'g');

export const tokenPattern = patternOf(unbroken);
export const brokenTokenPattern = patternOf(broken);

const beginnings = tokens.map(({ rule, prefix }) => ({ rule, begins: new RegExp(`^(?:${prefix})`) }));

/** The rule that a match of the pattern (without line breaks) fell under. */
export const tokenRule = (match: string): string =>
  beginnings.find(({ begins }) => begins.test(match))?.rule ?? 'token';

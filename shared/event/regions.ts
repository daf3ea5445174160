/** Regions as people are told of them: an alarm's message to a topic says `EU (Ireland)`, and no code. */

/** By the end of their names, which changed over the years: `US East (N. Virginia)` was `US - N. Virginia` once. */
const codesByPlace: [place: string, code: string][] = [
  ['n virginia', 'us-east-1'],
  ['northern virginia', 'us-east-1'],
  ['ohio', 'us-east-2'],
  ['n california', 'us-west-1'],
  ['northern california', 'us-west-1'],
  ['oregon', 'us-west-2'],
  ['govcloud us', 'us-gov-west-1'],
  ['govcloud us west', 'us-gov-west-1'],
  ['govcloud us east', 'us-gov-east-1'],
  ['canada central', 'ca-central-1'],
  ['calgary', 'ca-west-1'],
  ['mexico central', 'mx-central-1'],
  ['sao paulo', 'sa-east-1'],
  ['ireland', 'eu-west-1'],
  ['london', 'eu-west-2'],
  ['paris', 'eu-west-3'],
  ['frankfurt', 'eu-central-1'],
  ['zurich', 'eu-central-2'],
  ['stockholm', 'eu-north-1'],
  ['milan', 'eu-south-1'],
  ['spain', 'eu-south-2'],
  ['tokyo', 'ap-northeast-1'],
  ['seoul', 'ap-northeast-2'],
  ['osaka', 'ap-northeast-3'],
  ['osaka local', 'ap-northeast-3'],
  ['singapore', 'ap-southeast-1'],
  ['sydney', 'ap-southeast-2'],
  ['jakarta', 'ap-southeast-3'],
  ['melbourne', 'ap-southeast-4'],
  ['malaysia', 'ap-southeast-5'],
  ['new zealand', 'ap-southeast-6'],
  ['thailand', 'ap-southeast-7'],
  ['hong kong', 'ap-east-1'],
  ['taipei', 'ap-east-2'],
  ['mumbai', 'ap-south-1'],
  ['hyderabad', 'ap-south-2'],
  ['bahrain', 'me-south-1'],
  ['uae', 'me-central-1'],
  ['tel aviv', 'il-central-1'],
  ['cape town', 'af-south-1'],
  ['beijing', 'cn-north-1'],
  ['ningxia', 'cn-northwest-1'],
];

const codeForm = /^[a-z]{2}(?:-[a-z]+){1,2}-\d$/;

/**
 * The code of a Region by the name that people are told.
 *
 * @param name such as `EU (Ireland)`, `Europe (Ireland)`, `US - N. Virginia`, or a code
 * @returns the code, or null for a name that is not known
 */
export const regionNamed = (name: string): string | null => {
  if (codeForm.test(name)) return name;
  const words = ` ${plain(name)}`;
  return codesByPlace.find(([place]) => words.endsWith(` ${place}`))?.[1] ?? null;
};

/** Words alone: no accents, dots, dashes or parentheses. */
const plain = (name: string): string =>
  name
    .slice(0, 100)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();

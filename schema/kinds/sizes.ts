import { Type } from 'typebox';

/** From the smallest to the largest, of databases and nodes alike. Drivers map them to machines of their provider. */
export const sizes = [
  '2xsmall',
  'xsmall',
  'small',
  'medium',
  'large',
  'xlarge',
  '2xlarge',
  '3xlarge',
  '4xlarge',
] as const;

export const size = Type.String({ enum: [...sizes], description: `How large: ${sizes.join(', ')}.` });

import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { closed, nothing } from './shapes.js';

export const projectKind = defineKind({
  name: 'Project',
  plural: 'Projects',
  docs: 'The boundary of tenancy and permission. Every other resource lives in one.',
  scope: 'plane',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    description: Type.Optional(Type.String({ description: 'What the project is for, in a sentence.' })),
  }),
  observed: nothing,
  outputs: nothing,
  references: [],
  immutable: [],
  lease: null,
  madeBy: 'user',
  audience: 'platform',
  columns: [{ header: 'DESCRIPTION', path: 'spec.description' }],
  fixtures: { 1: { description: 'The web shop and all it needs.' } },
});

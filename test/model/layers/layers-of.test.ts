import test from 'ava';
import { fillLayers } from '../../../model/layers/fill-layers.js';
import { definitionFor, isLayered, type LayerSources, layersOf } from '../../../model/layers/layers-of.js';
import { databaseKind } from '../../../schema/kinds/database.js';
import { kubernetesRuntimeKind } from '../../../schema/kinds/kubernetes-runtime.js';
import { networkKind } from '../../../schema/kinds/network.js';

const nothing: LayerSources = {
  environment: null,
  tier: null,
  definition: null,
  account: null,
  runtime: null,
  usedAccount: null,
};

const filledBy = (sources: Partial<LayerSources>) =>
  fillLayers({ spec: {}, managers: {} }, layersOf(databaseKind, { ...nothing, ...sources }));

test('environment, tier, definition for the tier, definition, project, account and kind speak in this order', (t) => {
  const all: LayerSources = {
    environment: {
      name: 'live',
      spec: {
        account: 'cloud',
        defaults: [
          { kind: 'Database', spec: { port: 1 } },
          { kind: 'Bucket', spec: { port: 9 } },
        ],
      },
    },
    tier: { name: 'prod', spec: { defaults: [{ kind: 'Database', spec: { port: 2, multiZone: true } }] } },
    definition: {
      name: 'small',
      project: null,
      spec: {
        tiers: [{ tier: 'prod', defaults: { multiZone: false, backupDays: 7 } }],
        defaults: { backupDays: 1, engine: 'postgres', account: 'other' },
      },
    },
    account: { name: 'usual', spec: {}, layer: 'layer:project' },
    runtime: null,
    usedAccount: { name: 'cloud', spec: { location: 'local' } },
  };
  t.deepEqual(filledBy(all), {
    spec: {
      port: 1,
      account: 'cloud',
      multiZone: true,
      backupDays: 7,
      engine: 'postgres',
      location: 'local',
      size: 'small',
      storageGb: 20,
    },
    managers: {
      port: 'layer:environment/live',
      account: 'layer:environment/live',
      multiZone: 'layer:tier/prod',
      backupDays: 'layer:definition/small',
      engine: 'layer:definition/small',
      location: 'layer:account/cloud',
      size: 'layer:default',
      storageGb: 'layer:default',
    },
  });
});

test('what a definition of another project names is in that project', (t) => {
  const spec = { defaults: { account: 'cloud', engine: 'postgres' } };
  const { spec: filled } = filledBy({ definition: { name: 'platform/small', project: 'platform', spec } });
  t.like(filled, { account: 'platform/cloud', engine: 'postgres' });
});

test('an environment says which definition is used where nobody names one', (t) => {
  const environment = { name: 'dev', spec: { definitions: [{ kind: 'Database', definition: 'small' }] } };
  t.is(definitionFor(databaseKind, { environment, tier: null }), 'small');
  const tier = { name: 'prod', spec: { defaults: [{ kind: 'Database', spec: { definition: 'large' } }] } };
  t.is(definitionFor(databaseKind, { environment: null, tier }), 'large');
  t.is(definitionFor(databaseKind, { environment: null, tier: null }), null);
});

test('only what has definitions, defaults or an environment is filled, and of runtimes those that are made', (t) => {
  t.true(isLayered(databaseKind, {}));
  t.false(isLayered(networkKind, {}));
  t.false(isLayered(kubernetesRuntimeKind, { provider: 'kubeconfig' }));
  t.true(isLayered(kubernetesRuntimeKind, { provider: 'cloud' }));
});

import test from 'ava';
import { recipes } from '../../scripts/tools/catalog.js';
import { parseReplaced, throwAwayModule } from '../../scripts/tools/go-build.js';

const goMod = `module k8s.io/kubernetes

go 1.26.0

require k8s.io/api v0.0.0

replace example.test/outside => example.test/fork v1.2.3

replace example.test/alone v1.0.0 => ./alone

replace (
	k8s.io/api => ./staging/src/k8s.io/api
	k8s.io/apimachinery => ./staging/src/k8s.io/apimachinery
)
`;

test('finds the modules that a module replaces by folders of its own', (t) => {
  t.deepEqual(parseReplaced(goMod), ['example.test/alone', 'k8s.io/api', 'k8s.io/apimachinery']);
});

test('the throw-away module replaces them by what was published with the same release', (t) => {
  const build = recipes.find(({ name }) => name === 'kubernetes')?.goBuild;
  if (!build) return t.fail('kubernetes is not built with Go');
  t.is(
    throwAwayModule('kubernetes', ['k8s.io/api'], build),
    'module portolan.test/kubernetes\n\nreplace k8s.io/api => k8s.io/api v0.36.2\n',
  );
});

test('a recipe that builds has a package for each tool that it gives', (t) => {
  for (const { name, gives, goBuild } of recipes) {
    if (goBuild) t.deepEqual(Object.keys(goBuild.packages).sort(), [...gives].sort(), name);
  }
});

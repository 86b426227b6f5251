import { fileURLToPath } from 'node:url';
import { bundleFunctions } from './bundling/bundle-functions.ts';
import { addHeadroom, addRuleChecks, emptyApp } from './headroom-app.ts';
import { DEFAULT_STAGE, stageConfig } from './stages.ts';

const app = emptyApp();
const text = (key: string): string | undefined => app.node.tryGetContext(key);
const stage = stageConfig(text('stage') ?? DEFAULT_STAGE, {
  architecture: text('architecture'),
  alarmEmail: text('alarmEmail'),
});
const root = fileURLToPath(new URL('..', import.meta.url));
const bundles = await bundleFunctions({ root, architecture: stage.architecture });
try {
  addHeadroom(app, stage, bundles);
  addRuleChecks(app);
} finally {
  bundles.dispose();
}
app.synth();

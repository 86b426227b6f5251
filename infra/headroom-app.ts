import {
  App,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  Tags,
  Validations,
} from 'aws-cdk-lib';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { Bundles } from './bundling/bundle-functions.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { StateStack } from './stacks/state-stack.ts';
import type { StageConfig } from './stages.ts';

export interface HeadroomStacks {
  readonly state: StateStack;
  readonly service: ServiceStack;
}

/** Here, and not in cdk.json, so that tests synthesize the same. */
const CONTEXT = {
  // Traces name the folder of the checkout: the same sources would give other bytes elsewhere.
  [DISABLE_CREATION_STACK_TRACES]: true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
};

/**
 * The CDK command line checks the bootstrap version by the manifest too: the templates stay plain. One for each stack,
 * since it gathers the stack's assets. (CDK's own class misses its interface under exactOptionalPropertyTypes.)
 */
function plainSynthesizer(): IStackSynthesizer {
  return new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer;
}

/** @param outdir folder of the cloud assembly; the CDK command line sets its own when there is none */
export function emptyApp(outdir?: string): App {
  return new App({
    analyticsReporting: false,
    postCliContext: CONTEXT,
    ...(outdir === undefined ? {} : { outdir }),
  });
}

/** Both stacks of a stage, tagged. */
export function addHeadroom(app: App, stage: StageConfig, bundles: Bundles): HeadroomStacks {
  const prefix = `headroom-${stage.name}`;
  const state = new StateStack(app, `${prefix}-state`, {
    stage,
    synthesizer: plainSynthesizer(),
    description: 'Headroom: buckets, table and landing queue. Holds all data.',
  });
  const service = new ServiceStack(app, `${prefix}-service`, {
    stage,
    state: state.shared,
    bundles,
    synthesizer: plainSynthesizer(),
    description: 'Headroom: functions, workflows and HTTP API. Can be deleted and deployed again.',
  });
  service.addStackDependency(state);
  const tags = {
    app: 'headroom',
    stage: stage.name,
    owner: stage.tags.owner,
    'cost-centre': stage.tags.costCentre,
  };
  for (const [key, value] of Object.entries(tags)) Tags.of(app).add(key, value);
  Tags.of(state).add('data-class', 'confidential');
  Tags.of(service).add('data-class', 'internal');
  return { state, service };
}

/** Has cdk-nag check the app when it is synthesized: an open finding fails the synthesis. */
export function addRuleChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

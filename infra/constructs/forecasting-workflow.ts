import { Duration } from 'aws-cdk-lib';
import { JsonPath, Map as MapState, Pass, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StageConfig } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';
import { task, Workflow } from './workflow.ts';

/** Forecasts every region; one that fails keeps its last forecast and does not stop the others. */
export function forecastingWorkflow(
  scope: Construct,
  stage: StageConfig,
  forecast: ServiceFunction,
): Workflow {
  const list = task(scope, 'List', {
    fn: forecast,
    comment: 'Lists the regions that have demand',
    payload: TaskInput.fromObject({ step: 'list' }),
  });
  const target = { region: JsonPath.stringAt('$.region') };
  const one = task(scope, 'Forecast', {
    fn: forecast,
    comment: 'Backtests the models and forecasts with the best',
    payload: TaskInput.fromObject({ step: 'forecast', ...target }),
  }).addCatch(
    new Pass(scope, 'NotForecast', {
      parameters: { ...target, error: JsonPath.stringAt('$.failure.Error') },
    }),
    { resultPath: '$.failure' },
  );
  const each = new MapState(scope, 'ForecastEach', {
    itemsPath: '$.targets',
    maxConcurrency: stage.forecastingConcurrency,
  }).itemProcessor(one);
  return new Workflow(scope, 'Workflow', {
    stage,
    comment: 'Forecasts core and RAM demand of every region',
    definition: list.next(each),
    functions: [forecast],
    timeout: Duration.hours(3),
  });
}

import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  JsonPath,
  Map as MapState,
  Pass,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StageConfig } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';
import { task, Workflow } from './workflow.ts';

/**
 * Surveys and forecasts every region; one that fails keeps its last survey and forecast and does not
 * stop the others, and a survey that fails does not keep its region from being forecast.
 */
export function forecastingWorkflow(
  scope: Construct,
  stage: StageConfig,
  { forecast, survey }: { readonly forecast: ServiceFunction; readonly survey: ServiceFunction },
): Workflow {
  const list = task(scope, 'List', {
    fn: forecast,
    comment: 'Lists the regions that have demand, and what is forecast of each',
    payload: TaskInput.fromObject({ step: 'list' }),
  });
  const target = { region: JsonPath.stringAt('$.region'), of: JsonPath.stringAt('$.of') };
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
  const look = task(scope, 'Survey', {
    fn: survey,
    comment: 'Reads from samples what instances use of what they hold',
    payload: TaskInput.fromObject({ region: target.region }),
    resultPath: JsonPath.DISCARD,
  }).addCatch(one, { resultPath: '$.surveyFailure' });
  const part = new Choice(scope, 'PartOfRegion', { comment: 'A region is surveyed once' })
    .when(Condition.stringEquals('$.of', 'region'), look.next(one))
    .otherwise(one);
  const each = new MapState(scope, 'ForecastEach', {
    itemsPath: '$.targets',
    maxConcurrency: stage.forecastingConcurrency,
  }).itemProcessor(part);
  return new Workflow(scope, 'Workflow', {
    stage,
    comment: 'Surveys every region and forecasts its core and RAM demand',
    definition: list.next(each),
    functions: [forecast, survey],
    timeout: Duration.hours(3),
  });
}

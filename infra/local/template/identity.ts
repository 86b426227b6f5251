import { createHash } from 'node:crypto';

/** Account of everything on this machine; the embedded SQS server knows no other. */
export const ACCOUNT_ID = '000000000000';

export interface LocalEnvironment {
  readonly region: string;
  readonly endpoints: Endpoints;
}

/** Base URLs without a trailing slash. */
export interface Endpoints {
  readonly api: string;
  readonly dynamodb: string;
  readonly s3: string;
  readonly sqs: string;
  readonly states: string;
  readonly secrets: string;
  readonly events: string;
}

interface Identity {
  /** Property that names the resource, if the template gives a name. */
  readonly nameProperty: string;
  /** What Ref gives. */
  readonly ref: string;
  /** What Fn::GetAtt gives. */
  readonly attributes: Readonly<Record<string, string>>;
}

type IdentityOf = (name: string, environment: LocalEnvironment) => Identity;

const arn = (service: string, environment: LocalEnvironment, rest: string) =>
  `arn:aws:${service}:${environment.region}:${ACCOUNT_ID}:${rest}`;

const table: IdentityOf = (name, environment) => ({
  nameProperty: 'TableName',
  ref: name,
  attributes: { Arn: arn('dynamodb', environment, `table/${name}`) },
});

const identities: Readonly<Record<string, IdentityOf>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::S3::Bucket': (name, environment) => ({
    nameProperty: 'BucketName',
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${environment.region}.amazonaws.com`,
    },
  }),
  'AWS::SQS::Queue': (name, environment) => {
    const url = `${environment.endpoints.sqs}/${ACCOUNT_ID}/${name}`;
    return {
      nameProperty: 'QueueName',
      ref: url,
      attributes: { Arn: arn('sqs', environment, name), QueueName: name, QueueUrl: url },
    };
  },
  'AWS::Lambda::Function': (name, environment) => ({
    nameProperty: 'FunctionName',
    ref: name,
    attributes: { Arn: arn('lambda', environment, `function:${name}`) },
  }),
  'AWS::StepFunctions::StateMachine': (name, environment) => {
    const machine = arn('states', environment, `stateMachine:${name}`);
    return {
      nameProperty: 'StateMachineName',
      ref: machine,
      attributes: { Arn: machine, Name: name },
    };
  },
  'AWS::ApiGatewayV2::Api': (name, environment) => ({
    nameProperty: '',
    ref: name.toLowerCase(),
    attributes: { ApiEndpoint: environment.endpoints.api, ApiId: name.toLowerCase() },
  }),
  'AWS::Events::EventBus': (name, environment) => ({
    nameProperty: 'Name',
    ref: name,
    attributes: { Arn: arn('events', environment, `event-bus/${name}`), Name: name },
  }),
  'AWS::Events::Rule': (name, environment) => ({
    nameProperty: 'Name',
    ref: name,
    attributes: { Arn: arn('events', environment, `rule/${name}`) },
  }),
};

export function identify(
  type: string,
  name: string,
  environment: LocalEnvironment,
): Identity & { readonly known: boolean } {
  const known = identities[type];
  if (known !== undefined) return { ...known(name, environment), known: true };
  return { nameProperty: '', ref: name, attributes: {}, known: false };
}

/** ARN of a resource that is left out on this machine: well-formed, and points at nothing. */
export function placeholderArn(type: string, name: string, environment: LocalEnvironment): string {
  const service = (type.split('::')[1] ?? 'none').toLowerCase();
  return service === 'iam' ? `arn:aws:iam::${ACCOUNT_ID}:${name}` : arn(service, environment, name);
}

/** As CloudFormation names what has no name: stack, logical id, and a hash that keeps it apart. */
export function generatedName(type: string, stack: string, logicalId: string): string {
  const hash = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, 8);
  const longest = type === 'AWS::S3::Bucket' ? 63 : 64;
  const head = `${stack}-${logicalId}`.slice(0, longest - hash.length - 1);
  const name = `${head}-${hash}`;
  return type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}

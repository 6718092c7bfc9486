import { request } from 'node:http';
import { openshellVersion, protocol, protocolHeader } from '../shared/version';
import { chosenGateway, type GatewayMetadata } from './configuration';
import { Failure } from './failure';

/** The gateway did not answer at all; commands that can do without it catch this. */
export class Unreachable extends Failure {}

function connectFailure(error: NodeJS.ErrnoException): Unreachable {
  const refused = error.code === 'ECONNREFUSED';
  const cause = refused ? 'Connection refused (os error 111)' : error.message;
  return new Unreachable('client error (Connect)', 'tcp connect error', cause);
}

/** A client of one gateway's API. Credentials travel in bodies over loopback, never in a path. */
export class GatewayClient {
  readonly gateway: GatewayMetadata;

  constructor(gateway: GatewayMetadata) {
    this.gateway = gateway;
  }

  /**
   * Sends a request. `T` is the type of the answer in api/messages.ts; both ends are of one build.
   * @throws {Unreachable} when nothing answers, {Failure} with the gateway's reason when it refuses.
   */
  ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(
        new URL(path, this.gateway.gateway_endpoint),
        {
          method,
          agent: false,
          headers: {
            [protocolHeader]: `${protocol} ${openshellVersion}`,
            ...(text !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(text),
            }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', (error) => reject(new Failure('the gateway broke off its answer', error.message)));
          response.on('end', () => {
            const received = Buffer.concat(chunks).toString('utf8');
            let value: unknown;
            try {
              value = JSON.parse(received);
            } catch {
              return reject(
                new Failure(
                  `${this.gateway.gateway_endpoint} answered ${response.statusCode} and no JSON: is it an OpenShell gateway?`,
                ),
              );
            }
            if (response.statusCode === 200) return resolve(value as T);
            const reason = typeof value === 'object' && value !== null ? Reflect.get(value, 'error') : undefined;
            return reject(
              new Failure(typeof reason === 'string' ? reason : `the gateway answered ${response.statusCode}`),
            );
          });
        },
      );
      asked.on('error', (error: NodeJS.ErrnoException) => {
        reject(
          asked.reusedSocket || error.code === 'ECONNRESET'
            ? new Failure('the gateway broke off the connection', error.message)
            : connectFailure(error),
        );
      });
      asked.end(text);
    });
  }
}

/** A client of the gateway that the command is meant for. @throws {Failure} when there is none. */
export function clientOf(named: string | undefined): GatewayClient {
  const gateway = chosenGateway(named);
  if (!gateway) {
    throw new Failure(
      'No gateway configured',
      'add one with: openshell gateway add http://127.0.0.1:8080 --name <name>',
    );
  }
  return new GatewayClient(gateway);
}

/** A part of a path. */
export function part(name: string): string {
  return encodeURIComponent(name);
}

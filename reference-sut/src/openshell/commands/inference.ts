import { clientOf } from '../gateway-client';
import { print, section, style } from '../output';

interface InferenceView {
  readonly provider: string;
  readonly model: string;
}

/** `openshell inference set`: which of a sandbox's providers answers inference.local, and for which model. */
export async function setInference(provider: string, model: string, gateway: string | undefined): Promise<void> {
  await clientOf(gateway).ask('PUT', '/v1/inference', { provider, model });
  print(`${style.good('✓')} Gateway inference configured`);
  print(`  ${style.label('Provider:')} ${provider}\n  ${style.label('Model:')} ${model}`);
}

/** `openshell inference get`. */
export async function showInference(gateway: string | undefined): Promise<void> {
  const route = await clientOf(gateway).ask<InferenceView | null>('GET', '/v1/inference');
  if (!route) return print(section('Gateway inference:', [['Status', style.warning('Not configured')]]));
  return print(
    section('Gateway inference:', [
      ['Provider', route.provider],
      ['Model', route.model],
    ]),
  );
}

/** `name` with only characters that need no escape in an ID and a URL's fragment; others become `~<hex>~`, so that names stay distinct. */
function safe(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/gu, (one) => `~${one.codePointAt(0)?.toString(16)}~`);
}

/** The anchor of an assertion in the page: its permalink is `#` and this. Part of the page's contract: people keep these links. */
export function anchorOf({ id, variant }: { readonly id: string; readonly variant: string | null }): string {
  return variant === null ? safe(id) : `${safe(id)}--${safe(variant)}`;
}

/** The anchor of a scenario of a run. */
export function scenarioAnchor(bundle: string, scenario: string): string {
  return `scenario.${bundle.slice(0, 12)}.${safe(scenario)}`;
}

export function rowAnchor(row: string): string {
  return `row.${safe(row)}`;
}

export function bundleAnchor(digest: string): string {
  return `bundle.${safe(digest.slice(0, 12))}`;
}

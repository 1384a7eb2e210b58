/** WebAuthn as JSON: what the backend sends made into what the browser wants, and back. */

interface Described { id: string; type: string; transports?: string[] }
export interface CreateJson { challenge: string; user: { id: string; name: string; displayName: string }; excludeCredentials?: Described[]; [more: string]: unknown }
export interface RequestJson { challenge: string; allowCredentials?: Described[]; [more: string]: unknown }

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}
export function textOf(raw: ArrayBuffer): string {
  let text = "";
  for (const byte of new Uint8Array(raw)) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const described = (list: Described[] | undefined) => (list ?? []).map((one) => ({ ...one, id: bytesOf(one.id) })) as unknown as PublicKeyCredentialDescriptor[];

/** Whether this page may use passkeys at all: a secure context under a name. */
export function canUse(host: string, isSecure: boolean, knows: boolean): boolean {
  return isSecure && knows && !/^[\d.]+$|:/.test(host);
}
export const here = (): boolean => canUse(location.hostname.replace(/^\[|\]$/g, ""), window.isSecureContext, "PublicKeyCredential" in window);

export async function create(options: unknown): Promise<unknown> {
  const given = options as CreateJson;
  const publicKey = {
    ...given,
    challenge: bytesOf(given.challenge),
    user: { ...given.user, id: bytesOf(given.user.id) },
    excludeCredentials: described(given.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return whole(made, { clientDataJSON: textOf(response.clientDataJSON), attestationObject: textOf(response.attestationObject) });
}

/** Null when the browser refuses (cancelled, too late): that is no error of the program. */
export async function attempt(options: unknown): Promise<unknown> {
  try {
    return await prove(options);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

async function prove(options: unknown): Promise<unknown> {
  const given = options as RequestJson;
  const publicKey = { ...given, challenge: bytesOf(given.challenge), allowCredentials: described(given.allowCredentials) } as unknown as PublicKeyCredentialRequestOptions;
  const made = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAssertionResponse;
  return whole(made, {
    clientDataJSON: textOf(response.clientDataJSON),
    authenticatorData: textOf(response.authenticatorData),
    signature: textOf(response.signature),
    userHandle: response.userHandle ? textOf(response.userHandle) : null,
  });
}

function whole(made: PublicKeyCredential, response: Record<string, string | null>): unknown {
  return { id: made.id, rawId: textOf(made.rawId), type: made.type, clientExtensionResults: {}, response };
}

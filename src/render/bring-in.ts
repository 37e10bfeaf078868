// SPDX-License-Identifier: GPL-3.0-or-later

/** Where a bundle is and by what it is known; in a runbook, which lies in it, words to be put in. */
export interface BringIn {
  readonly formula: string;
  /** Its path in the qube. */
  readonly path: string;
  readonly digest: string;
}

/** GNU tar, only below the one folder, overwriting nothing, with dom0's own owner and umask. */
const UNPACK = "tar --keep-old-files --no-same-owner --no-same-permissions -xf";

/**
 * The dom0 commands that bring a bundle in, by step. Check and unpacking are one line, so that nothing is unpacked that did not pass. QUBE and
 * FINGERPRINT stand for what only the user knows.
 */
export function bringIn({ formula, path, digest }: BringIn) {
  const tar = `${formula}.tar`;
  const unpack = `${UNPACK} ${tar} ${formula}`;
  const keyring = `~/${formula}-signer.gpg`;
  return {
    fetch: [`mkdir ${formula}-1 && cd ${formula}-1`, `qvm-run --pass-io QUBE 'cat ${path}' >${tar}`],
    byDigest: [`echo '${digest}  ${tar}' | sha256sum --strict -c && ${unpack}`],
    pin: [
      `qvm-run --pass-io QUBE 'gpg --export FINGERPRINT' >${keyring}`,
      `gpg --show-keys --with-fingerprint ${keyring}`,
    ],
    bySignature: [
      `qvm-run --pass-io QUBE 'cat ${path}.asc' >${tar}.asc`,
      `gpgv --keyring ${keyring} ${tar}.asc ${tar} && ${unpack}`,
    ],
    enter: [`cd ${formula}`],
  };
}

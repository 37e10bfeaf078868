// SPDX-License-Identifier: GPL-3.0-or-later

/** Where a bundle is and by what it is known; in a runbook, which lies in it, words to be put in. */
export interface BringIn {
  readonly formula: string;
  /** Its path in the qube. */
  readonly path: string;
  readonly digest: string;
  /** The signed-by-one way: absent in what `bundle` prints, which knows no signature. */
  readonly qube?: string;
}

/** GNU tar and only below the one folder, overwriting nothing, with dom0's own owner and umask. */
const UNPACK = "tar --keep-old-files --no-same-owner --no-same-permissions -xf";

/** The dom0 commands that bring a bundle in, by step: fetch, check and unpack by digest, the same by signature. Nothing is unpacked unchecked. */
export function bringIn({ formula, path, digest, qube = "QUBE" }: BringIn) {
  const tar = `${formula}.tar`;
  const unpack = `${UNPACK} ${tar} ${formula}`;
  return {
    fetch: [`mkdir ${formula}-1 && cd ${formula}-1`, `qvm-run --pass-io ${qube} 'cat ${path}' >${tar}`],
    byDigest: [`echo '${digest}  ${tar}' | sha256sum --strict -c && ${unpack}`],
    fetchSignature: [`qvm-run --pass-io ${qube} 'cat ${path}.asc' >${tar}.asc`],
    bySignature: [`gpgv --keyring ~/${formula}-signer.gpg ${tar}.asc ${tar} && ${unpack}`],
    install: [`cd ${formula}`, "sudo ./install.sh"],
  };
}

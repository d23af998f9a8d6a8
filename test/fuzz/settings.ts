/** Files of the settings: settings.xml, which people edit, and the journal, which a cut can leave in any state. */
import { decodeJournal, encodeCommit, encodeHeader, replay } from '../../src/actors/settings/journal.ts';
import type { Setting } from '../../src/actors/settings/setting.ts';
import { SettingsTree } from '../../src/actors/settings/settings-tree.ts';
import { documentOf, parseSettings, treeOf } from '../../src/actors/settings/settings-xml.ts';
import { writeXml } from '../../src/actors/settings/xml.ts';
import { Fault } from '../../src/kernel/fault.ts';
import type { FuzzTarget } from './fuzz.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** What the tree writes must be read back as the same. */
function checkTree(tree: SettingsTree): void {
  const text = writeXml(documentOf(tree, ''));
  const again = treeOf(parseSettings(bytes(text)), remark => {
    throw new Error(`our own file: ${remark}`);
  });
  if (writeXml(documentOf(again, '')) !== text) throw new Error('the file does not come back as it was');
}

export const fileTarget: FuzzTarget = {
  name: 'settings-xml',
  corpus: () => [
    bytes(
      '<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><Settings version="19" unique-id="">\n  <G>\n' +
        '    <A type="i" min="0" max="9" default="3" silent="False">4</A>\n    <_1x type="s" default="d"/>\n' +
        '    <F type="f" default="1.0">2.50</F><E><H/></E>\n  </G>\n</Settings>\n',
    ),
    bytes('<Settings><a type="s">1 &lt; 2 &amp; &#x26;<![CDATA[<raw>]]></a></Settings>'),
  ],
  dictionary: () =>
    [
      '<a>',
      '</a>',
      '<a/>',
      ' type="i"',
      ' type="s"',
      '&amp;',
      '&#10;',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '"',
    ].map(bytes),
  run(input) {
    let tree: SettingsTree;
    try {
      tree = treeOf(parseSettings(input), () => {});
    } catch (error) {
      if (error instanceof Fault && error.whose === 'configuration') return;
      throw error;
    }
    checkTree(tree);
  },
};

function setting(path: string, type: Setting['type'], value: number | string): Setting {
  return { path, type, value, default: value, min: null, max: null, silent: false };
}

export const journalTarget: FuzzTarget = {
  name: 'settings-journal',
  corpus: () => {
    const header = encodeHeader({ extends: { length: 5, crc: 6 }, previous: null });
    const commit = encodeCommit([
      { path: '/Settings/a/b', setting: setting('/Settings/a/b', 's', 'text') },
      { path: '/Settings/c', setting: setting('/Settings/c', 'f', 1e-9) },
      { path: '/Settings/a/b', setting: undefined },
    ]);
    return [Uint8Array.of(...header, ...commit, ...commit)];
  },
  run(input) {
    const whole = decodeJournal(input);
    // Whatever stands behind a cut, nothing before it may change.
    const cut = decodeJournal(input.subarray(0, input.length >> 1));
    if (cut !== null && cut.commits.length > (whole?.commits.length ?? 0))
      throw new Error('more commits in less bytes');
    if (whole === null) return;
    const tree = new SettingsTree();
    replay(whole, tree);
    checkTree(tree);
  },
};

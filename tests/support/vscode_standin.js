// A stand-in for VS Code's interface, in which the extension and Microsoft's language client run as they are:
//   node vscode_standin.js EXTENSION DRAFT '["server", "argument"]'
// It opens the draft, walks as a writer would, and prints what became of the text as JSON.
'use strict';

const fs = require('fs');
const Module = require('module');
const path = require('path');

const [extension, file, server] = [process.argv[2], process.argv[3], JSON.parse(process.argv[4])];
const INVOKED = 0, AUTOMATIC = 1;

class Disposable {
  constructor(end) { this.end = end; }
  dispose() { this.end?.(); }
}
class Emitter {
  constructor() {
    this.heard = [];
    this.event = (listener, self) => {
      const bound = self ? listener.bind(self) : listener;
      this.heard.push(bound);
      return new Disposable(() => { this.heard = this.heard.filter((other) => other !== bound); });
    };
  }
  fire(what) { return Promise.all(this.heard.map((listener) => listener(what))); }
  dispose() {}
}
class Position {
  constructor(line, character) { Object.assign(this, { line, character }); }
  isBefore(other) { return this.line < other.line || (this.line === other.line && this.character < other.character); }
}
class Range {
  constructor(...at) {
    const [start, end] = at.length === 2 ? at : [new Position(at[0], at[1]), new Position(at[2], at[3])];
    Object.assign(this, { start, end });
  }
}
class Uri {
  constructor(text) {
    const { protocol, pathname } = new URL(text);
    Object.assign(this, { text, scheme: protocol.slice(0, -1), fsPath: decodeURIComponent(pathname) });
  }
  toString() { return this.text; }
  static parse(text) { return new Uri(text); }
  static file(name) { return new Uri(`file://${encodeURI(name)}`); }
}
class InlineCompletionItem {
  constructor(insertText, range, command) { Object.assign(this, { insertText, range, command }); }
}
class InlineCompletionList {
  constructor(items) { this.items = items; }
}
class CancellationTokenSource {
  constructor() {
    this.emitter = new Emitter();
    this.token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  }
  cancel() { this.token.isCancellationRequested = true; this.emitter.fire(); }
  dispose() {}
}

const events = {};
const emitter = (name) => (events[name] ??= new Emitter());
// What isn't needed here is an event that never comes, or a function that does nothing.
const lenient = (known) => new Proxy(known, {
  get(target, name) {
    if (name in target || typeof name === 'symbol') return target[name];
    return /^on(Did|Will)/.test(name) ? emitter(name).event : () => new Disposable();
  },
});

const registered = new Map();
const document = {
  uri: Uri.file(file), fileName: file, languageId: 'markdown', version: 1, isClosed: false, isDirty: false,
  text: fs.readFileSync(file, 'utf8'),
  getText(range) { return range ? this.text.slice(offset(range.start), offset(range.end)) : this.text; },
};
const offset = ({ line, character }) =>
  document.text.split('\n').slice(0, line).reduce((sum, one) => sum + one.length + 1, character);
let provider;

const vscode = {
  __esModule: true, Disposable, EventEmitter: Emitter, Position, Range, Uri, InlineCompletionItem, InlineCompletionList,
  CancellationTokenSource, InlineCompletionTriggerKind: { Invoke: INVOKED, Automatic: AUTOMATIC }, version: '1.105.0',
  workspace: lenient({
    textDocuments: [document], notebookDocuments: [], workspaceFolders: undefined, fs: lenient({}),
    getConfiguration: (section) => ({
      get: (name, usual) => (section === 'cowrite' && name === 'command' ? server : usual),
      inspect: () => undefined,
    }),
  }),
  window: lenient({
    visibleTextEditors: [], tabGroups: lenient({ all: [] }), activeTextEditor: undefined,
    createOutputChannel: () => lenient({ error: console.error, append: console.error, appendLine: console.error }),
    showErrorMessage: async (text) => { throw new Error(text); },
  }),
  languages: lenient({
    match: () => 10,
    createDiagnosticCollection: () => lenient({}),
    registerInlineCompletionItemProvider: (_selector, given) => { provider = given; return new Disposable(); },
  }),
  commands: lenient({
    registerCommand: (name, act) => { registered.set(name, act); return new Disposable(); },
    executeCommand: async (name, ...words) => registered.get(name)?.(...words),
  }),
  env: lenient({ appName: 'stand-in', language: 'en' }),
};
const library = path.join(extension, 'node_modules', 'vscode-languageclient', 'lib');
for (const name of fs.readdirSync(library, { recursive: true }).filter((one) => one.endsWith('.js'))) {
  for (const [, word] of fs.readFileSync(path.join(library, name), 'utf8').matchAll(/\b(?:code|vscode_1|vscode)\.([A-Z]\w+)/g)) {
    vscode[word] ??= class {}; // classes that are extended, and enumerations without their members
  }
}
const load = Module._load;
Module._load = (name, ...more) => (name === 'vscode' ? vscode : load(name, ...more));

async function insert(place, text) {
  const at = offset(place);
  document.text = document.text.slice(0, at) + text + document.text.slice(at);
  document.version += 1;
  const change = { range: new Range(place, place), rangeOffset: at, rangeLength: 0, text };
  await emitter('onDidChangeTextDocument').fire({ document, contentChanges: [change], reason: undefined });
}
const end = (line) => new Position(line, document.text.split('\n')[line].length);
const rest = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const seen = () => rest(0.9);

async function ask(place, triggerKind = INVOKED, source = new CancellationTokenSource(), info = undefined) {
  const context = { triggerKind, selectedCompletionInfo: info };
  const found = await provider.provideInlineCompletionItems(document, place, context, source.token);
  return found?.items ?? found ?? [];
}
async function accept(item) {
  await insert(item.range.start, item.insertText);
  await vscode.commands.executeCommand(item.command.command, ...item.command.arguments);
}

async function walk() {
  const said = {};
  const { activate, deactivate } = require(extension);
  await activate({ subscriptions: [] });
  let items = await ask(end(0)); // all of the first one
  said.candidates = items.length;
  await seen();
  await accept(items[0]);
  items = await ask(end(1)); // a word, as the editor takes it, then the rest
  await seen();
  const word = items[0].insertText.match(/^\s*\S+/)[0];
  await insert(end(1), word);
  said.left = (items = await ask(end(1), AUTOMATIC)).map((item) => item.insertText);
  await accept(items[0]);
  items = await ask(end(1)); // refused
  await seen();
  await vscode.commands.executeCommand('cowrite.refuse');
  const source = new CancellationTokenSource();
  const pending = ask(end(1), INVOKED, source);
  await rest(0.1);
  source.cancel();
  said.cancelled = await pending;
  said.unasked = await ask(end(1), AUTOMATIC);
  said.listed = await ask(end(1), INVOKED, source, { range: new Range(end(1), end(1)), text: 'x' });
  fs.writeFileSync(file, document.text);
  await emitter('onDidSaveTextDocument').fire(document);
  await rest(0.5);
  await deactivate();
  said.text = document.text;
  process.stdout.write(`${JSON.stringify(said)}\n`, () => process.exit(0));
}
walk().catch((error) => { console.error(error); process.exit(1); });

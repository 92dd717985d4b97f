"""A model file's own chat template: its forms are taken, whatever it tries."""

from __future__ import annotations

import pytest

from cowrite.core.chat_format import ChatFormat
from cowrite.engine.host.own_template import TemplateError, chat_format, forms_of
from cowrite.engine.options import ModelFile

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
NO_SYSTEM = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system here') }}{% endif %}"
    "{% for m in messages %}<turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ m['content'] | trim }}</turn>\n{% endfor %}{% if add_generation_prompt %}<turn>model\n{% endif %}"
)
INST = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}[INST] {{ m['content'] }} [/INST]"
    "{% elif m['role'] == 'assistant' %} {{ m['content'] }}{{ eos_token }}{% else %}"
    "{{ raise_exception('roles') }}{% endif %}{% endfor %}"
)


def said(form: ChatFormat, *turns: str) -> str:
    """A conversation of user and model in turns, after a system's where there is one."""
    out = form.first
    if form.system:
        out, turns = out + form.system.replace("{}", turns[0]), turns[1:]
    for at, text in enumerate(turns):
        out += (form.model if at % 2 else form.user).replace("{}", text)
    return out + form.asks


def test_a_conversation_is_as_the_template_has_it() -> None:
    form = forms_of(CHATML, "", "<|im_end|>")
    assert form.valid()
    assert said(form, "be kind", "hi", "hello", "bye") == (
        "<|im_start|>system\nbe kind<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n"
        "hello<|im_end|>\n<|im_start|>user\nbye<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_template_that_refuses_a_system_turn_does_without() -> None:
    form = forms_of(NO_SYSTEM, "<bos>", "<eos>")
    assert form.valid()
    assert not form.system
    assert said(form, "hi", "hello", "bye") == (
        "<bos><turn>user\nhi</turn>\n<turn>model\nhello</turn>\n<turn>user\nbye</turn>\n<turn>model\n"
    )
    form = forms_of(INST, "<s>", "</s>")
    assert said(form, "hi", "hello", "bye") == "<s>[INST] hi [/INST] hello</s>[INST] bye [/INST]"


@pytest.mark.parametrize(
    "template",
    [
        "",
        "{{ messages[0]['content'] }}",
        "{% for m in messages %}{{ m['content'] }}{{ m['content'] }}{% endfor %}",
        "{% for m in messages %}{{ m['content'] }}{% endfor %}",
        "{% for m in",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ messages.append(1) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ '%1000000000s' | format(1) }}",
        "{{ '%1000000000s' % 1 }}",
        "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(99) %}"
        "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% for i in range(1000) %}{% for j in range(1000) %}{% for k in range(1000) %}{% endfor %}{% endfor %}"
        "{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include '/etc/passwd' %}",
        "x" * 100_000,
        *(
            CHATML.replace("m['content']", f"m['content']{after}")
            for after in ("[0:3]", " | upper", "[::-1]")
        ),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_template_or_a_hostile_one_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        forms_of(template, "<s>", "</s>")


class Described:
    borders = ("<s>", "</s>")
    template: str | None = CHATML

    def meta(self, key: str) -> str | None:
        return self.template if key == "tokenizer.chat_template" else None


def test_a_files_own_template_is_asked_only_if_the_writer_allows_it(tmp_path) -> None:
    card = ChatFormat("Q{}", "A{}")
    model = ModelFile("toy", tmp_path, base=False)
    described = Described()
    assert chat_format(model, described) is None
    assert chat_format(ModelFile("toy", tmp_path, base=False, own_template=True), described)
    known = ModelFile("toy", tmp_path, base=False, chat=card, own_template=True)
    assert chat_format(known, described) is card
    assert chat_format(ModelFile("toy", tmp_path, chat=card, own_template=True), described) is None
    described.template = "{{ boom("
    assert chat_format(ModelFile("toy", tmp_path, base=False, own_template=True), described) is None

"""Models: which there are, what each would mean here in a writer's words, and which one writes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cowrite.catalog.advising import Advice, Machine, advise, ordered, sentences
from cowrite.core.printable import printable
from cowrite.errors import CowriteError
from cowrite.tui.parts import PartMessage
from cowrite.tui.screens.choosing import padded
from cowrite.tui.screens.dialogs import Choice, Dialog, Prompt, Question
from cowrite.tui.services import Window
from cowrite.tui.window.model_jobs import ModelJob

Found = tuple[list[Advice], Machine]
"""The models, and what they were weighed against."""


class ModelsRead(PartMessage):
    """They were looked at, or could not be."""

    def __init__(self, found: Found | None, error: CowriteError | None = None) -> None:
        super().__init__()
        self.found, self.error = found, error


class ModelsScreen(Dialog):
    """A list, and below it what is to be said of the one that is highlighted. read: looks at the models."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("i", "instruct", "Instructions"),
        ("d", "download", "Download"),
        ("m", "measure", "Measure"),
        ("f", "file", "File"),
        ("c", "stop", "Cancel"),
        ("space", "more", "More"),
    ]
    DEFAULT_CSS = """
    ModelsScreen > .box { width: 92; height: 90%; }
    ModelsScreen OptionList { height: auto; max-height: 10; }
    ModelsScreen .about { height: 1fr; margin-top: 1; }
    ModelsScreen .about Static { height: auto; }
    ModelsScreen .keys { height: auto; margin-top: 1; color: $foreground 60%; }
    ModelsScreen.-low > .box { height: 100%; }
    ModelsScreen.-low OptionList { max-height: 6; }
    ModelsScreen.-low .about, ModelsScreen.-low .keys { margin-top: 0; }
    """

    is_reading = True

    def __init__(self, window: Window, read: Callable[[], Found] | None = None) -> None:
        super().__init__()
        self._window, self._read_models = window, read or self._look
        self._found: Found = ([], Machine(None, None))
        self._shown: tuple[ModelJob | None, int] = (None, 0)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static("Models", classes="title", markup=False)
            yield OptionList(compact=True)
            with VerticalScroll(classes="about", can_focus=False):
                yield Static("Looking at what there is …", markup=False)
            yield Static("", classes="keys", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(OptionList))
        self.set_interval(0.5, self._follow)
        self._shown = (self._window.models.now, self._window.models.ended)
        self._renew_keys()
        self._read()

    def _read(self) -> None:
        threading.Thread(target=self._reading, name="models", daemon=True).start()

    def _reading(self) -> None:
        try:
            self.post_message(ModelsRead(self._read_models()))
        except CowriteError as error:
            self.post_message(ModelsRead(None, error))

    def _look(self) -> Found:
        from cowrite.catalog.speeds import SpeedBook, machine
        from cowrite.engine.hardware import processor

        settings = self._window.settings.engine
        book = SpeedBook(self._window.paths, machine(processor(), settings.threads))
        here = Machine(context=settings.context_tokens, measured=book.all())
        return ordered(advise(self._window.paths, here), None), here

    def on_models_read(self, message: ModelsRead) -> None:
        """Show them."""
        self.is_reading = False
        if message.found is None:
            said = f"{message.error.message} {message.error.hint}" if message.error else ""
            self.query_one(".about Static", Static).update(printable(said))
            return
        found, machine = message.found
        self._found = (sorted(found, key=lambda one: not one.here), machine)
        self._fill()

    # What is shown

    def _fill(self) -> None:
        options = self.query_one(OptionList)
        here = self._one()
        name = here.name if here is not None else self._window.settings.model.name
        names = [one.name for one in self._found[0]]
        options.clear_options()
        width = max(map(cell_len, names), default=0)
        room = max(20, options.scrollable_content_region.width or self.size.width - 10)
        rows = (self._row(one, width).truncate(room, ellipsis=True) for one in self._found[0])
        options.add_options(Option(row, id=n) for row, n in zip(rows, names, strict=True))
        if names:
            options.highlighted = names.index(name) if name in names else 0

    def _row(self, one: Advice, width: int) -> Content:
        """Name, what for, where it stands, and words a second: what fits of it, in that order."""
        settings = self._window.settings
        role = "here" if one.here else "to download"
        if one.name == settings.models.instruct:
            role = "instructs"
        if one.name == settings.model.name:
            role = "writes"
        mark = "▸" if role in ("writes", "instructs") else "·" if one.here else "↓"
        good = "instructions" if "instructions" in one.good_for else "ghost"
        quick = ""
        if one.fits is False or one.refused:
            quick = "can't run here"
        elif one.speed is not None:
            about = "" if one.speed.measured else "~"
            quick = f"{about}{one.speed.words:.{0 if one.speed.words >= 3 else 1}f} words a second"
        rest = Content.styled(f"{good:<12}  {role:<11}  {quick}".rstrip(), "$foreground 60%")
        return Content(f"{mark} {padded(printable(one.name), width)}  ").append(rest)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self._about()

    def _about(self) -> None:
        one = self._one()
        if one is None:
            return
        said = [*sentences(one, self._found[1])]
        if not one.here:
            size = one.size / 1e6
            said.insert(0, f"Not downloaded ({size:,.0f} MB): d, or `{one.get}` in a terminal.")
        elif one.speed is None:
            said.insert(1, "How fast it writes here was not measured yet: m does it.")
        body = Content.assemble((printable(one.title) + "\n", "bold"), printable(" ".join(said)))
        self.query_one(".about Static", Static).update(body)
        self.query_one(".about", VerticalScroll).scroll_home(animate=False)

    def _one(self) -> Advice | None:
        options = self.query_one(OptionList)
        if options.highlighted is None:
            return None
        name = options.get_option_at_index(options.highlighted).id
        return next((one for one in self._found[0] if one.name == name), None)

    def _renew_keys(self) -> None:
        job = self._window.models.now
        keys = (
            "enter writes   i follows instructions   d download   m measure   f a file   space more"
        )
        if job is not None:
            keys = f"{job.name}: {job.line or job.doing}   c cancels"
        self.query_one(".keys", Static).update(printable(keys))

    def _follow(self) -> None:
        """What goes on beside the window: say how far it is, and look again when it has ended."""
        jobs = self._window.models
        now = (jobs.now, jobs.ended)
        if now != self._shown:
            ended = jobs.ended != self._shown[1]
            self._shown = now
            self._renew_keys()
            if ended:
                self._read()

    def on_resize(self, event: events.Resize) -> None:
        """A low terminal shows fewer rows of the list."""
        super().on_resize(event)
        self.set_class(event.size.height < 24, "-low")
        self.call_after_refresh(self._fill)

    # What its keys do

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        one = self._one()
        if one is None:
            return
        if not one.here:
            self.action_download()
        elif self._change("model.name", one.name):
            self.dismiss(one.name)

    def action_instruct(self) -> None:
        """Let it follow instructions, or the one that writes again."""
        one = self._one()
        if one is None:
            return
        if not one.here:
            self.action_download()
            return
        settings = self._window.settings
        same = one.name in (settings.models.instruct, settings.model.name)
        if self._change("models.instruct", "" if same else one.name):
            self._fill()

    def action_download(self) -> None:
        """Ask, and say where it goes; nothing is connected to before the yes."""
        one = self._one()
        if one is None or one.here or self._window.models.now is not None:
            return
        if one.install:
            self._window.tell(f"{one.name} comes in a package.", one.install)
            return
        try:
            body = _where(one)
        except CowriteError as error:
            self._window.tell(error.message, error.hint, "warning")
            return
        choices = (Choice("no", "Not now", "n"), Choice("yes", "Connect and download it", "y"))

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._window.models.download(one.name)
                self._follow()

        self._window.push_screen(Question(f"Download {one.title}?", body, choices), answered)

    def action_measure(self) -> None:
        """Measure how fast it writes here."""
        one = self._one()
        if one is not None and one.here:
            self._window.models.measure(one.name)
            self._follow()

    def action_more(self) -> None:
        """Read on in what is said of it; from the end to the beginning again."""
        about = self.query_one(".about", VerticalScroll)
        if about.scroll_offset.y < about.max_scroll_y:
            about.scroll_page_down(animate=False)
        else:
            about.scroll_home(animate=False)

    def action_stop(self) -> None:
        """End what goes on."""
        self._window.models.stop()

    def action_file(self) -> None:
        """Write with a file that is on the disk."""

        def answered(path: str | None) -> None:
            if path and path.strip() and self._change("model.name", path.strip()):
                self.dismiss(path)

        prompt = Prompt(
            "Write with a model's file", body="The path of a GGUF file, or a model's name."
        )
        self._window.push_screen(prompt, answered)

    def _change(self, key: str, value: str) -> bool:
        try:
            self._window.change_setting(key, value)
        except CowriteError as error:
            self._window.tell(error.message, error.hint, "warning")
            return False
        return True


def _where(one: Advice) -> str:
    """What a download connects to and what it brings. Raises CowriteError where there is no address."""
    from cowrite.hub.source import hub
    from cowrite.hub.web import host_of

    host, size = host_of(hub()), f"{one.size / 1e6:,.0f} MB"
    checked = (
        "Its sha256 is on cowrite's card." if one.pinned else f"Its sha256 is the one {host} says."
    )
    return (
        f"A process of its own asks {host} for it and fetches {size} from there, or from where {host} sends it "
        "on to. Nothing of your drafts, your settings or your log is sent; your token for it goes along if "
        f"you have one. {checked}\n\nLicence: {one.licence}, {one.terms}"
    )

"""An analyst without a browser, who speaks Streamlit's protocol with the dashboard as a browser does."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

ACTIONS = ("select", "expand", "hide", "undo", "search")
_ADDED = 5  # entities that an expansion adds at most
_TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the widget that a component's triggers are values of
_TOKEN = Subprotocol("PLACEHOLDER_AUTH_TOKEN")  # what the browser sends as long as it has no cookie
_UNSAVED = "Not saved yet"


@dataclass
class Analyst:
    """One websocket: `problems` is what went wrong on it."""

    address: str
    chart: str
    problems: list[str] = field(default_factory=list)
    unsaved: int = 0
    _things: dict[int, tuple[str, str]] = field(default_factory=dict)  # number → id and label
    _page: str = ""
    _fragment: str = ""
    _canvas: str = ""
    _query: str = ""
    _submit: str = ""
    _searched: str = ""
    _has: int = 0
    _seen: int = 0
    _confirm: bool = False
    _socket: ClientConnection | None = None

    def __post_init__(self) -> None:
        self._random = Random(self.chart)

    async def open(self) -> float:
        """Connect, and open the chart; the seconds that its page took."""
        self._socket = await connect(
            f"ws://{self.address}/_stcore/stream",
            origin=Origin(f"http://{self.address}"),
            subprotocols=[Subprotocol("streamlit"), _TOKEN],
            max_size=None,
            compression=None,
            proxy=None,
        )
        took = await self._run([])
        if self._confirm:  # as the canvas does when much has arrived
            await self._run([self._trigger([])])
        if not self._things:
            self.problems.append("the chart was not shown")
        return took

    async def close(self) -> None:
        """Disconnect."""
        if self._socket is not None:
            await self._socket.close()

    async def act(self, number: int) -> float | None:
        """Do the next action; the seconds until the script was finished, None if that failed."""
        what = ACTIONS[number % len(ACTIONS)]
        try:
            return await self._run(self._search() if what == "search" else [self._trigger(self._events(what))])
        except (ConnectionClosed, TimeoutError) as error:
            self.problems.append(f"{what}: {type(error).__name__}")
            return None

    # -- what is sent -------------------------------------------------------------------------

    def _events(self, what: str) -> list[dict[str, Any]]:
        """An action's events; an undo takes back both the hide and the expansion, so that charts keep their size."""
        if what == "undo":
            return [{"what": what}, {"what": what}]
        one = self._random.choice(list(self._things.values()))[0]
        return [{"what": what, "ids": [one], **({"limit": _ADDED} if what == "expand" else {})}]

    def _trigger(self, events: Sequence[dict[str, Any]]) -> WidgetState:
        said = [{"seq": self._seen + n + 1, **event} for n, event in enumerate(events)]
        value = [{"event": "did", "value": {"has": self._has, "events": said}}]
        return WidgetState(id=_TRIGGER.format(self._canvas), json_trigger_value=json.dumps(value))

    def _search(self) -> list[WidgetState]:
        self._searched = self._random.choice(list(self._things.values()))[1]
        return [WidgetState(id=self._submit, trigger_value=True)]

    async def _run(self, states: Sequence[WidgetState]) -> float:
        """Have the script run with these values; the seconds until it was finished."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = f"chart={self.chart}", self._page
        asked.fragment_id = self._fragment if states else ""
        if self._query:
            asked.widget_states.widgets.append(WidgetState(id=self._query, string_value=self._searched))
        asked.widget_states.widgets.extend(states)
        begun = time.perf_counter()
        await self._sent(message)
        return time.perf_counter() - begun

    async def _sent(self, message: BackMsg) -> None:
        """Send a message, and take what comes until the script is finished."""
        if self._socket is None:
            raise RuntimeError("not connected")
        await self._socket.send(message.SerializeToString())
        while not self._took(ForwardMsg.FromString(bytes(await self._socket.recv(decode=False)))):
            pass

    # -- what comes ---------------------------------------------------------------------------

    def _took(self, message: ForwardMsg) -> bool:
        """Take a message of the server; whether the script is finished."""
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._element(message.delta.new_element, message.delta.fragment_id)
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.problems.append("the script could not be compiled")
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    def _element(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.problems.append(f"exception: {element.exception.type}")
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            self.problems.append(f"error: {element.alert.body}")
        elif kind == "text_input" and element.text_input.label == "Search the view":
            self._query = element.text_input.id
        elif kind == "button" and element.button.label == "Search":
            self._submit = element.button.id
        elif kind == "bidi_component":
            self._canvas, self._fragment = element.bidi_component.id, fragment
            self._chart(json.loads(element.bidi_component.json))

    def _chart(self, message: dict[str, Any]) -> None:
        """Take the changes of the chart."""
        self._seen, self._confirm = message["seen"], message["confirm"]
        for revision, text in message["changes"]:
            if revision <= self._has:
                continue
            change = json.loads(text)
            self._things |= {each["i"]: (each["id"], each["label"]) for each in change.get("things", ())}
            for each in change.get("gone", ()):
                self._things.pop(each, None)
            note = change.get("top", {}).get("note") or {}
            self.unsaved += note.get("text", "").startswith(_UNSAVED)
        self._has = message["revision"]

"""An obs-websocket 5 server of the tests, for what Debian's OBS lacks: browser sources.

It keeps scenes, items and inputs as OBS does, asks for a password, runs batches with variables, and opens every browser
source's URL in Chromium, as obs-browser does in CEF: `window.obsstudio` is there, `refreshnocache` reloads a page that
lives, a renderer that crashed is made anew only by another URL.
"""

# ruff: noqa: N802, N803 - requests and their fields have the names of the protocol

import base64
import contextlib
import hashlib
import itertools
import queue
import threading
import time

from playwright.sync_api import Error as PlaywrightError

from tests.obs.strangers import Peer, listening

PASSWORD = "谷-4455"
_OBS_BROWSER = "window.obsstudio = { pluginVersion: '2.23.5' };"


class Refusal(Exception):
    """A RequestStatus code."""


class BrowserObs:
    """Use as a context manager; commands are answered on threads of their own, pages opened by `until`."""

    def __init__(self, width=1080, height=1920):
        self.canvas = {"baseWidth": width, "baseHeight": height}
        self.scenes = {"场景": []}
        self.inputs = {}
        self.recording = False
        self.mask = None
        """Events that the client wants."""
        self.collection = "studio"
        self.ends_after = None
        """Dies after so many requests of a batch, its scenes as they are then."""
        self.kept_names = {}
        """Names that it goes on using for so many tries after it has removed what had them: what a busy OBS does."""
        self.batches = 0
        self.heard = []
        self.peers = []
        self.tasks = queue.Queue()
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._server = listening(self._attend)

    def __enter__(self):
        self.port = self._server.__enter__()
        return self

    def __exit__(self, *exception):
        return self._server.__exit__(*exception)

    def _attend(self, connection):
        peer = Peer(connection)
        salt, challenge = "c2FsdA==", "Y2hhbGxlbmdl"
        peer.say(
            0,
            {
                "obsWebSocketVersion": "5.5.2",
                "rpcVersion": 1,
                "authentication": {"salt": salt, "challenge": challenge},
            },
        )
        if peer.hear()["d"].get("authentication") != _proof(salt, challenge):
            connection.sendall(b"\x88\x02\x0f\xa9")  # close 4009
            return
        peer.say(2, {"negotiatedRpcVersion": 1})
        self.peers.append(peer)
        while True:
            message = peer.hear()
            body = message["d"]
            if message["op"] == 3:
                self.mask = body["eventSubscriptions"]
                peer.say(2, {"negotiatedRpcVersion": 1})
            elif message["op"] == 6:
                answer = self._answer(body["requestType"], body.get("requestData") or {})
                peer.say(7, {"requestId": body["requestId"], "requestType": body["requestType"], **answer})
            elif message["op"] == 8:
                peer.say(9, {"requestId": body["requestId"], "results": self._batch(body)})

    def _batch(self, body):
        self.batches += 1
        variables, results = {}, []
        for entry in body["requests"]:
            data = dict(entry.get("requestData") or {})
            data.update({field: variables[name] for field, name in entry.get("inputVariables", {}).items()})
            if self.ends_after is not None:
                self.ends_after -= 1
                if self.ends_after < 0:
                    raise ConnectionResetError
            answer = self._answer(entry["requestType"], data)
            results.append({"requestType": entry["requestType"], **answer})
            if body.get("haltOnFailure") and not answer["requestStatus"]["result"]:
                break
            given = answer.get("responseData", {})
            variables.update({name: given.get(field) for name, field in entry.get("outputVariables", {}).items()})
        return results

    def _answer(self, request, data):
        if request == "Sleep":
            threading.Event().wait(data["sleepMillis"] / 1000)
            return {"requestStatus": {"result": True, "code": 100}}
        method = getattr(self, request, None)
        if method is None:
            return {"requestStatus": {"result": False, "code": 204}}
        try:
            with self._lock:
                self.heard.append((request, data))
                return {"requestStatus": {"result": True, "code": 100}, "responseData": method(**data) or {}}
        except Refusal as refusal:
            return {"requestStatus": {"result": False, "code": refusal.args[0]}}
        except KeyError:
            return {"requestStatus": {"result": False, "code": 600}}

    # --- the protocol, by its own names --------------------------------------------------------------

    def GetVersion(self):
        return {"obsVersion": "31.0.0", "availableRequests": [name for name in dir(self) if name[0].isupper()]}

    def GetSceneList(self):
        listed = [{"sceneName": name, "sceneIndex": at} for at, name in enumerate(self.scenes)]
        return {"scenes": listed, "currentProgramSceneName": next(iter(self.scenes)), "currentPreviewSceneName": None}

    def GetStudioModeEnabled(self):
        return {"studioModeEnabled": False}

    def GetInputList(self, inputKind=None):
        kept = {name: each for name, each in self.inputs.items() if inputKind in {None, each["kind"]}}
        return {"inputs": [{"inputName": name, "inputKind": each["kind"]} for name, each in kept.items()]}

    def GetInputMute(self, inputName):
        raise Refusal(604)

    def GetRecordStatus(self):
        return {"outputActive": self.recording, "outputDuration": 0, "outputPaused": False}

    def GetStreamStatus(self):
        return {"outputActive": False}

    def GetSceneCollectionList(self):
        return {"currentSceneCollectionName": self.collection, "sceneCollections": [self.collection]}

    def GetVideoSettings(self):
        return self.canvas

    def GetInputKindList(self, unversioned=False):
        return {"inputKinds": ["browser_source", "color_source_v3"]}

    def GetSceneItemList(self, sceneName):
        return {"sceneItems": self.scenes[sceneName]}

    def GetInputSettings(self, inputName):
        return {"inputSettings": self.inputs[inputName]["settings"]}

    def GetSourceActive(self, sourceName):
        return {"videoActive": True, "videoShowing": sourceName in self.inputs}

    def SetInputSettings(self, inputName, inputSettings, overlay=True):
        kept = self.inputs[inputName]["settings"] if overlay else {}
        self.inputs[inputName]["settings"] = {**kept, **inputSettings}
        self._show(inputName)

    def PressInputPropertiesButton(self, inputName, propertyName):
        if propertyName == "refreshnocache" and inputName in self.inputs:
            self.tasks.put(("refresh", inputName, None))

    def CreateScene(self, sceneName):
        if sceneName in self.scenes or self._keeps(sceneName):
            raise Refusal(601)
        self.scenes[sceneName] = []

    def CreateInput(self, sceneName, inputName, inputKind, inputSettings):
        if inputName in self.inputs or self._keeps(inputName):
            raise Refusal(601)
        self.inputs[inputName] = {"kind": inputKind, "settings": dict(inputSettings)}
        self._show(inputName)
        return self.CreateSceneItem(sceneName, inputName)

    def CreateSceneItem(self, sceneName, sourceName):
        if sourceName not in {*self.inputs, *self.scenes}:
            raise Refusal(600)
        item = {"sceneItemId": next(self._ids), "sourceName": sourceName, "sceneItemTransform": {}}
        self.scenes[sceneName].append(item)
        return {"sceneItemId": item["sceneItemId"]}

    def SetSceneItemTransform(self, sceneName, sceneItemId, sceneItemTransform):
        self._item(sceneName, sceneItemId)["sceneItemTransform"].update(sceneItemTransform)

    def SetSceneItemEnabled(self, sceneName, sceneItemId, sceneItemEnabled):
        self._item(sceneName, sceneItemId)["sceneItemEnabled"] = sceneItemEnabled

    def SetSceneItemIndex(self, sceneName, sceneItemId, sceneItemIndex):
        item = self._item(sceneName, sceneItemId)
        self.scenes[sceneName].remove(item)
        self.scenes[sceneName].insert(sceneItemIndex, item)

    def RemoveSceneItem(self, sceneName, sceneItemId):
        self.scenes[sceneName].remove(self._item(sceneName, sceneItemId))

    def RemoveScene(self, sceneName):
        del self.scenes[sceneName]

    def RemoveInput(self, inputName):
        del self.inputs[inputName]
        for items in self.scenes.values():
            items[:] = [item for item in items if item["sourceName"] != inputName]

    def _keeps(self, name):
        left = self.kept_names.get(name, 0)
        self.kept_names[name] = max(0, left - 1)
        return left > 0

    def _item(self, scene, number):
        for item in self.scenes[scene]:
            if item["sceneItemId"] == number:
                return item
        raise Refusal(600)

    def _show(self, name):
        if self.inputs[name]["kind"] == "browser_source":
            self.tasks.put(("open", name, self.inputs[name]["settings"]["url"]))


class Cef:
    """The pages of a BrowserObs, in the test's Chromium and on the test's thread."""

    def __init__(self, chromium, obs):
        self._context = chromium.new_context(viewport={"width": 1080, "height": 1920}, locale="zh-CN")
        self._context.add_init_script(_OBS_BROWSER)
        self._pump = self._context.new_page()
        self._obs = obs
        self.pages = {}
        self.dead = False
        """No page comes up any more: a broken graphics driver."""
        self._crashed = set()

    def close(self):
        self._context.close()

    def until(self, accept, timeout_s=30):
        """Do what OBS's browser would, until `accept()` holds; its value."""
        deadline = time.monotonic() + timeout_s
        while True:
            with contextlib.suppress(queue.Empty):
                self._do(*self._obs.tasks.get_nowait())
            if value := accept():
                return value
            assert time.monotonic() < deadline, [(name, page.url) for name, page in self.pages.items()]
            self._pump.wait_for_timeout(20)  # Chromium's messages are read here

    def is_live(self, name):
        """Whether the page is an overlay that is connected."""
        page = self.pages.get(name)
        if page is None or name in self._crashed:
            return False
        return page.locator("html[data-link=live]").count() == 1

    def crash(self, name):
        """The renderer dies, as CEF's does."""
        self._crashed.add(name)
        with contextlib.suppress(PlaywrightError):
            self.pages[name].goto("chrome://crash")

    def blank(self, name):
        """The page is lost, its renderer lives."""
        self.pages[name].goto("about:blank")

    def refresh(self, name):
        """Load the page anew, unless its renderer is dead."""
        if name not in self._crashed:
            self._load(name, self._obs.inputs[name]["settings"]["url"])

    def _do(self, what, name, url):
        if what == "refresh":
            self.refresh(name)
            return
        if name in self.pages:
            self.pages.pop(name).close()
        self._crashed.discard(name)
        self.pages[name] = self._context.new_page()
        self._load(name, "about:blank" if self.dead else url)

    def _load(self, name, url):
        try:
            self.pages[name].goto(url, wait_until="commit")
        except PlaywrightError:  # nobody there: CEF, unlike Chromium, never tries again by itself
            self.pages[name].close()
            self.pages[name] = self._context.new_page()


def _proof(salt, challenge):
    secret = base64.b64encode(hashlib.sha256((PASSWORD + salt).encode()).digest()).decode()
    return base64.b64encode(hashlib.sha256((secret + challenge).encode()).digest()).decode()

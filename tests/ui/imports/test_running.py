"""What ends the run of a page while an import is made: its button, or something else."""

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException

from ui.imports.running import CANCEL, is_cancelled


def rerun(key: str, pressed: bool) -> RerunException:
    """What Streamlit raises when the button with this key was pressed, or another was and this one was not."""
    states = WidgetStates()
    states.widgets.add(id=f"$$ID-0123abcd-{key}", trigger_value=pressed)
    return RerunException(RerunData(widget_states=states))


def test_the_button_cancels_and_nothing_else_does() -> None:
    assert is_cancelled(rerun(CANCEL, pressed=True))
    assert not is_cancelled(rerun(CANCEL, pressed=False))
    assert not is_cancelled(rerun("_switch", pressed=True))
    assert not is_cancelled(RerunException(RerunData()))
    assert not is_cancelled(StopException())

"""The dashboard's entry script: `streamlit run streamlit_app.py`, or better `workbench serve`."""

from workbench.app.dashboard import dashboard

dashboard()

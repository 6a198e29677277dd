"""`make deploy`: the packaged stacks to an AWS account, shown before anything is touched, with a way back.

stage.py reads what a person decided, stacks.py shows and carries out change sets, guards.py refuses what would lose
data, releases.py keeps what was deployed, site.py puts the web app up, founding.py makes secrets and the first
workspace, smoke.py sends a picture through, and __main__.py is the order of it all.
"""

"""An Amazon Rekognition for one machine, `DetectLabels` alone: boto3 talks to it, and nothing of it is ever shipped.

It holds what it is asked and what it answers to the vendor's own description of the service, which comes with botocore.
`AWS_ENDPOINT_URL_REKOGNITION` leads a process to it. To run it alone: `python -m standins.rekognition PORT`.
"""
